import { useEffect, useRef } from "preact/hooks";
import { lookUp } from "../../shared/data/by-id.ts";
import { isManaged } from "../../shared/login/rules.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import { isBusy } from "../../shared/view/busy.ts";
import { signInHint } from "../../shared/view/sign-in.ts";
import {
  accessText,
  CARD_FACTS,
  loginText,
  NONE_YET,
  pingText,
  refreshText,
  sharedText,
} from "../../shared/words/card.ts";
import { STATE_WORDS, windowSentence } from "../../shared/words/state.ts";
import { loginName } from "../../shared/words/status.ts";
import { visible } from "../../shared/words/visible.ts";
import type { Page } from "../page.ts";
import { AnswerLine, Fact, Pieces } from "../parts.tsx";
import { CardActions } from "./actions.tsx";
import { Mark, shapeOf } from "./mark.tsx";

interface CardProps {
  readonly login: Login;
  readonly page: Page;
  /** Its place on the page, for ids on the page: an id of a login may hold anything. */
  readonly place: number;
}

/** One login: how it is, until when, and what can be done. */
export function Card({ login, page, place }: CardProps) {
  const { view, now } = page;
  const { id, state } = login;
  const nameId = `login-${place}-name`;
  const name = visible(loginName(login));
  const busy = isBusy(view, id);
  const sentence = windowSentence(login, signInHint(view, login.provider) ?? "", now);
  const answer = page.answer(id);
  // The answer often is the reason, or ends with it.
  const isSaid = !busy && answer?.tells?.state === state && answer.tells.reasonKind === (login.reasonKind ?? null);
  const shownAt = view.shownLogin?.id === id ? view.shownLogin.at : null;
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (shownAt === null || card.current === null) return;
    card.current.focus({ preventScroll: true });
    card.current.scrollIntoView({ block: "nearest" });
  }, [shownAt]);
  return (
    <li>
      <article
        ref={card}
        class={`card ${shapeOf(state)}`}
        data-home
        tabIndex={-1}
        aria-labelledby={nameId}
        aria-busy={busy || state === "refreshing"}
      >
        <header>
          <h2 id={nameId} title={name}>
            <bdi>{name}</bdi>
          </h2>
          <p class="state">
            <Mark shape={shapeOf(state)} />
            {STATE_WORDS[state]}
          </p>
          {id !== login.provider && visible(id) !== name && (
            <p class="id quiet" title={visible(id)}>
              <bdi>{visible(id)}</bdi>
            </p>
          )}
        </header>
        {isManaged(state) && <Facts login={login} page={page} />}
        {sentence !== null && !isSaid && <p>{visible(sentence)}</p>}
        <CardActions login={login} name={name} busy={busy} page={page} place={place} />
        <AnswerLine answer={answer} busy={busy} now={now} />
      </article>
    </li>
  );
}

function Facts({ login, page: { view, now } }: Pick<CardProps, "login" | "page">) {
  const tokens = lookUp(view.tokensToday, login.id) ?? 0;
  const deadline = loginText(login, now);
  const refreshed = refreshText(login, now);
  return (
    <dl class="facts">
      <Fact name={CARD_FACTS.access}>
        <Pieces text={accessText(login, now)} />
      </Fact>
      <Fact name={CARD_FACTS.login}>
        <span class={deadline.soon ? "soon" : ""}>
          <Pieces text={deadline.text} />
        </span>
      </Fact>
      <Fact name={CARD_FACTS.refresh}>
        <Pieces text={refreshed ?? NONE_YET} />
      </Fact>
      <Fact name={CARD_FACTS.ping}>
        <Pieces text={pingText(login, tokens, view.pings?.mode ?? null, now)} />
      </Fact>
      {login.sharedWith !== null && login.state !== "shared" && (
        <Fact name={CARD_FACTS.shared}>{visible(sharedText(login.sharedWith))}</Fact>
      )}
    </dl>
  );
}
