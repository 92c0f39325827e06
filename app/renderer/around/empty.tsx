import { ALL } from "../../shared/data/all.ts";
import type { Snapshot } from "../../shared/login/snapshot.ts";
import { visible } from "../../shared/words/visible.ts";
import { APP_BUTTONS, emptyWords } from "../../shared/words/window.ts";
import { SignIn } from "../card/sign-in.tsx";
import type { Page } from "../page.ts";
import { Button, Sentence } from "../parts.tsx";

interface EmptyProps {
  readonly file: Snapshot["file"];
  readonly page: Page;
}

/** No login to show yet: what is watched, and how there will be one. */
export function Empty({ file, page }: EmptyProps) {
  const { view, act } = page;
  const [provider] = view.providers;
  const { title, file: watched, signIn, note, demo } = emptyWords(file, provider);
  return (
    <section class="card" data-home tabIndex={-1} aria-labelledby="empty-name">
      <h2 id="empty-name">{title}</h2>
      <p>
        {watched}
        <br />
        <code>{visible(file.path)}</code>
      </p>
      {signIn !== null && (
        <p>
          <Sentence parts={signIn} />
        </p>
      )}
      {note !== null && <p class="quiet">{visible(note)}</p>}
      <div class="buttons">
        <SignIn page={page} target={ALL} provider={ALL} primary both />
        {!view.demo && <Button text={APP_BUTTONS.openDemo} onPress={() => act(ALL, (bridge) => bridge.openDemo())} />}
      </div>
      {!view.demo && <p class="quiet">{demo}</p>}
    </section>
  );
}
