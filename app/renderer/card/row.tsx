import { useEffect, useRef } from "preact/hooks";
import { weightOf } from "../../shared/login/rules.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import { isBusy } from "../../shared/view/busy.ts";
import { offers } from "../../shared/view/offers.ts";
import { signInHint } from "../../shared/view/sign-in.ts";
import type { Answer } from "../../shared/view/view.ts";
import { BUTTONS, glanceOf } from "../../shared/words/card.ts";
import { STATE_WORDS, signedInAgain, windowSentence } from "../../shared/words/state.ts";
import { loginName } from "../../shared/words/status.ts";
import { visible } from "../../shared/words/visible.ts";
import { PAGE } from "../../shared/words/window.ts";
import type { Page } from "../page.ts";
import { AnswerLine, Button, Pieces } from "../parts.tsx";
import { RowActions } from "./actions.tsx";
import { Facts } from "./facts.tsx";
import { RefreshIcon } from "./icons.tsx";
import { Mark, shapeOf } from "./mark.tsx";

interface RowProps {
  readonly login: Login;
  readonly page: Page;
  /** Its place on the page, for ids on the page: an id of a login may hold anything. */
  readonly place: number;
  /** Else a closed row need not show whose login it is. */
  readonly manyProviders: boolean;
  readonly isOpen: boolean;
  readonly onToggle: (open: boolean) => void;
}

/** So long a closed row shows what came of a command. */
const ANSWER_MS = 60_000;
/** A longer answer has a line of its own. */
const SHORT = 24;

/** One login: how it is at a glance; opened, all that is known of it and can be done. */
export function Row({ login, page, place, manyProviders, isOpen, onToggle }: RowProps) {
  const { view, now } = page;
  const { id, state } = login;
  const name = visible(loginName(login));
  // Apart, so that a name in another direction is cut at its own end.
  const prefix = prefixOf(name, visible(`${login.provider} · `));
  const busy = isBusy(view, id);
  const at = `login-${place}`;
  const shape = shapeOf(login);
  const row = useShown(view.shownLogin?.id === id ? view.shownLogin.at : null);

  const answer = page.answer(id);
  const told = tell({ answer, busy, isOpen, now });
  const sentence = windowSentence(login, signInHint(view, login.provider) ?? "", now);
  // The answer often is the reason, or ends with it.
  const isSaid =
    told.at === "line" && answer?.tells?.state === state && answer.tells.reasonKind === (login.reasonKind ?? null);
  const isShown = sentence !== null && !isSaid && (isOpen || asksForSomeone(login));
  const back = signedInAgain(login, now);
  const mayRefresh = offers(view, state, "refresh");

  return (
    <article
      ref={row}
      class={`login ${shape}`}
      data-home
      tabIndex={-1}
      aria-labelledby={`${at}-name`}
      aria-busy={busy || state === "refreshing"}
    >
      <div class={isOpen ? "glance open" : "glance"}>
        <h2>
          <button
            type="button"
            class="opener"
            title={name}
            aria-expanded={isOpen}
            aria-controls={isOpen ? `${at}-details` : undefined}
            aria-describedby={`${at}-glance`}
            onClick={() => onToggle(!isOpen)}
          >
            <Mark shape={busy ? "working" : shape} />
            <span id={`${at}-name`} class="called">
              {prefix !== "" && <bdi class={isOpen || manyProviders ? "prefix" : "unseen"}>{prefix}</bdi>}
              <bdi class="own">{name.slice(prefix.length)}</bdi>
            </span>
          </button>
        </h2>
        <p id={`${at}-glance`} class="said">
          {isOpen ? (
            <>
              <span class="state">{STATE_WORDS[state]}</span> {back !== null && <span class="news">{back}</span>}
            </>
          ) : (
            <GlanceText login={login} page={page} instead={told.at === "glance" ? told.text : null} />
          )}
        </p>
        {!isOpen && (mayRefresh || state === "refreshing") && (
          <Button
            text={BUTTONS.refresh}
            icon={<RefreshIcon />}
            about={name}
            off={busy || !mayRefresh}
            onPress={() => page.act(id, (bridge) => bridge.refresh(id))}
          />
        )}
      </div>
      {isShown && <p class="sentence">{visible(sentence)}</p>}
      {isOpen && <Facts id={`${at}-details`} login={login} page={page} />}
      <RowActions login={login} name={name} busy={busy} page={page} place={place} isOpen={isOpen} />
      <AnswerLine answer={answer} busy={busy} now={now} unseen={told.at !== "line"} />
    </article>
  );
}

interface GlanceTextProps {
  readonly login: Login;
  readonly page: Page;
  /** Said in place of the news; null = nothing. */
  readonly instead: string | null;
}

function GlanceText({ login, page: { view, now }, instead }: GlanceTextProps) {
  const { access, news, soon } = glanceOf(login, view.pings?.mode ?? null, now);
  const word = STATE_WORDS[login.state];
  return (
    <>
      {access === word ? (
        <span class="state">{word}</span>
      ) : (
        <>
          <span class="state unseen">{word}, </span>
          <span class="access">
            <Pieces text={access} />
          </span>
        </>
      )}{" "}
      <span class={soon && instead === null ? "news soon" : "news"}>{instead ?? news}</span>
    </>
  );
}

function prefixOf(name: string, prefix: string): string {
  return name.startsWith(prefix) ? prefix : "";
}

/** Where the login needs someone, it says what for; so does one that is well and deserves a look. */
function asksForSomeone(login: Login): boolean {
  const weight = weightOf(login);
  if (weight === "needsYou" || weight === "unreadable") return true;
  return login.reasonKind === "unkept" || login.reasonKind === "accountChanged";
}

/** Where it is seen what came of the last command: in a line of its own, in place of the news, or no longer. */
type Told = { readonly at: "line" | "nowhere" } | { readonly at: "glance"; readonly text: string };

interface Telling {
  readonly answer: Answer | null;
  readonly busy: boolean;
  readonly isOpen: boolean;
  readonly now: number;
}

function tell({ answer, busy, isOpen, now }: Telling): Told {
  if (isOpen) return { at: "line" };
  if (busy) return { at: "glance", text: PAGE.working };
  if (answer === null || now - answer.at > ANSWER_MS) return { at: "nowhere" };
  return answer.sentence.length > SHORT ? { at: "line" } : { at: "glance", text: visible(answer.sentence) };
}

/** @returns for the element that is focused and scrolled to when the window is opened for its login, at `shownAt`. */
function useShown(shownAt: number | null) {
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (shownAt === null || element.current === null) return;
    element.current.focus({ preventScroll: true });
    element.current.scrollIntoView({ block: "nearest" });
  }, [shownAt]);
  return element;
}
