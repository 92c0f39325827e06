import { ALL } from "../../shared/data/all.ts";
import type { Snapshot } from "../../shared/login/snapshot.ts";
import { signInHint } from "../../shared/view/sign-in.ts";
import { visible } from "../../shared/words/visible.ts";
import type { Page } from "../page.ts";
import { Button } from "../parts.tsx";

interface EmptyProps {
  readonly file: Snapshot["file"];
  readonly page: Page;
}

/** No login to show yet: what is watched, and how there will be one. */
export function Empty({ file, page }: EmptyProps) {
  const { view, act } = page;
  const hint = signInHint(view, ALL) ?? "";
  const heading = file.format === null ? "No logins yet" : "The file holds no logins yet";
  return (
    <section class="card" data-home tabIndex={-1} aria-labelledby="empty-name">
      <h2 id="empty-name">{heading}</h2>
      <p>
        {file.format === null ? "Pilot Light waits for this file:" : "Pilot Light watches this file:"}
        <br />
        <code>{visible(file.path)}</code>
      </p>
      {hint !== "" && (
        <p>
          Sign in with <code>{visible(hint)}</code> in a terminal. The login then appears here.
        </p>
      )}
      <div class="buttons">
        {hint !== "" && (
          <Button
            text="Copy sign-in command"
            look="primary"
            onPress={() => act(ALL, (bridge) => bridge.copySignInHint(ALL), `Copied: ${hint}`)}
          />
        )}
        {!view.demo && <Button text="Open the demo" onPress={() => act(ALL, (bridge) => bridge.openDemo())} />}
      </div>
      {!view.demo && <p class="quiet">The demo shows made-up logins on this computer; nothing of yours is touched.</p>}
    </section>
  );
}
