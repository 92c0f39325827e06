import { useRef, useState } from "preact/hooks";
import { lookUp } from "../../shared/data/by-id.ts";
import { isBusy } from "../../shared/view/busy.ts";
import type { View } from "../../shared/view/view.ts";
import { visible } from "../../shared/words/visible.ts";
import { putBackWording, SIGNED_OUT, signedOutSentence } from "../../shared/words/window/kept.ts";
import type { Ask, Page } from "../page.ts";
import { AnswerLine, Button } from "../parts.tsx";
import { Question } from "./question.tsx";

type Copy = View["signedOut"][number];

interface SignedOutProps {
  readonly page: Page;
}

/** Logins that are gone from the file, as long as they could be put back; nothing where there are none. */
export function SignedOut({ page }: SignedOutProps) {
  const { view, now } = page;
  const present = new Set((view.snapshot?.accounts ?? []).map(({ id }) => id));
  const copies = view.signedOut.filter(({ id, erasedAt }) => erasedAt > now && !present.has(id));
  const isShown = view.snapshot !== null && view.snapshot.file.problem === null && copies.length > 0;
  // Always there: whoever erased the last one by keyboard keeps the place.
  return (
    <div class="signed-out" data-home tabIndex={-1}>
      {isShown && (
        <ul class="rows" aria-label={SIGNED_OUT.title}>
          {copies.map((copy, place) => (
            <li key={copy.id}>
              <Gone copy={copy} page={page} place={place} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface GoneProps {
  readonly copy: Copy;
  readonly page: Page;
  /** Its place on the page, for ids on the page: an id of a login may hold anything. */
  readonly place: number;
}

type Asked = "erase" | "putBack";

/** One of them: until when it is kept, and what can be done with the copy. Both are asked first. */
function Gone({ copy: { id, label, erasedAt }, page, place }: GoneProps) {
  const { view, now, act } = page;
  const [asked, setAsked] = useState<Asked | null>(null);
  const opener = useRef<HTMLButtonElement | null>(null);
  const name = visible(lookUp(view.names, id) ?? label);
  const busy = isBusy(view, id);
  const at = `gone-${place}`;
  const offer = view.rescuables.find((each) => each.id === id && each.obstacle === null) ?? null;
  const wording =
    asked === "erase"
      ? { text: SIGNED_OUT.question, yes: SIGNED_OUT.erase }
      : asked === "putBack" && offer !== null
        ? putBackWording(offer)
        : null;
  const does: Ask = (bridge) =>
    asked === "putBack" && offer !== null ? bridge.rescue(id, offer.fingerprint) : bridge.forget(id);
  const close = () => {
    setAsked(null);
    opener.current?.focus();
  };
  const asks = (what: Asked, text: string) => (
    <Button
      text={`${text} …`}
      about={name}
      off={busy}
      open={asked === what}
      opens={`${at}-question`}
      onPress={(button) => {
        opener.current = button;
        setAsked(asked === what ? null : what);
      }}
    />
  );
  return (
    <article class="login leftAlone gone" data-home tabIndex={-1} aria-labelledby={`${at}-name`} aria-busy={busy}>
      <div class="kept">
        <div>
          <h2 id={`${at}-name`}>
            <bdi>{name}</bdi>
          </h2>
          <p>{signedOutSentence({ erasedAt }, now)}</p>
        </div>
        <div class="buttons">
          {offer !== null && asks("putBack", putBackWording(offer).button)}
          {asks("erase", SIGNED_OUT.erase)}
        </div>
      </div>
      {wording !== null && !busy && (
        <Question
          key={asked}
          id={`${at}-question`}
          text={visible(wording.text)}
          about={name}
          choices={[
            {
              text: wording.yes,
              spoken: `${wording.yes}: ${name}`,
              onChoose: () => {
                act(id, does);
                close();
              },
            },
          ]}
          onCancel={close}
        />
      )}
      <AnswerLine answer={page.answer(id)} busy={busy} now={now} />
    </article>
  );
}
