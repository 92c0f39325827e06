import { useRef, useState } from "preact/hooks";
import { asksForSignIn } from "../../shared/login/need.ts";
import { type Command, mayDisallow, needsSignIn } from "../../shared/login/rules.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import { offers } from "../../shared/view/offers.ts";
import { PAUSES } from "../../shared/view/pauses.ts";
import { providerOf } from "../../shared/view/sign-in.ts";
import { type AskedFirst, BUTTONS, PAUSE_WORDS, wordingOf } from "../../shared/words/card.ts";
import { capital } from "../../shared/words/times.ts";
import { visible } from "../../shared/words/visible.ts";
import { type Choice, Question } from "../around/question.tsx";
import type { Ask, Page } from "../page.ts";
import { Button } from "../parts.tsx";
import { SignIn } from "./sign-in.tsx";

/** What helps most where a login needs someone and a sign-in does not. */
const MAIN = ["allow", "tryOnce"] as const satisfies readonly AskedFirst[];

interface RowActionsProps {
  readonly login: Login;
  /** For people. */
  readonly name: string;
  readonly busy: boolean;
  readonly page: Page;
  readonly place: number;
  /** Closed, a row has the one button that helps most where it needs someone. */
  readonly isOpen: boolean;
}

/** What can be done with a login: what is offered in its state, and nothing else. */
export function RowActions({ login, name, busy, page, place, isOpen }: RowActionsProps) {
  const [asked, setAsked] = useState<AskedFirst | null>(null);
  const opener = useRef<HTMLButtonElement | null>(null);
  const { id, provider, state } = login;
  const { act, view } = page;
  const may = (command: Command) => offers(view, state, command);
  const isNeeded = needsSignIn(state);
  // Opened, it is offered before it is too late as well.
  const canSignIn = isOpen ? asksForSignIn(login, page.now) : isNeeded;
  const main = isNeeded ? "signIn" : (MAIN.find(may) ?? null);
  const has = (what: AskedFirst) => isOpen || what === main;
  const needs = providerOf(view, provider)?.signInNeeds ?? "";
  // A question that the state no longer allows is taken back.
  const open = asked !== null && may(asked) && has(asked) && !busy ? asked : null;
  const questionId = `login-${place}-question`;

  const close = () => {
    setAsked(null);
    opener.current?.focus();
  };
  const does = (text: string, ask: Ask) => <Button text={text} about={name} off={busy} onPress={() => act(id, ask)} />;
  const asks = (command: AskedFirst) =>
    may(command) &&
    has(command) && (
      <Button
        text={`${wordingOf(command, login).button} …`}
        about={name}
        look={main === command ? "primary" : "plain"}
        off={busy}
        open={open === command}
        opens={questionId}
        onPress={(button) => {
          opener.current = button;
          setAsked(open === command ? null : command);
        }}
      />
    );

  return (
    <>
      <div class="buttons">
        {isOpen && (may("refresh") || state === "refreshing") && (
          <Button
            text={BUTTONS.refresh}
            about={name}
            look="primary"
            off={busy || !may("refresh")}
            onPress={() => act(id, (bridge) => bridge.refresh(id))}
          />
        )}
        {canSignIn && (
          <SignIn page={page} target={id} provider={provider} about={name} primary={isNeeded} both={isOpen} />
        )}
        {isOpen && may("ping") && does(BUTTONS.ping, (bridge) => bridge.ping(id))}
        {asks("pause")}
        {isOpen && may("resume") && does(BUTTONS.resume, (bridge) => bridge.resumePings(id))}
        {asks("tryOnce")}
        {asks("allow")}
        {isOpen && mayDisallow(login) && does(BUTTONS.disallow, (bridge) => bridge.disallow(id))}
      </div>
      {canSignIn && isOpen && needs !== "" && <p class="quiet">{visible(needs)}</p>}
      {open !== null && (
        <Question
          key={open}
          id={questionId}
          text={visible(wordingOf(open, login).text)}
          about={name}
          choices={choicesOf(open, login, name, page).map((choice) => ({
            ...choice,
            onChoose: () => {
              choice.onChoose();
              close();
            },
          }))}
          onCancel={close}
        />
      )}
    </>
  );
}

function choicesOf(asked: AskedFirst, login: Login, name: string, { act }: Page): readonly Choice[] {
  const { id } = login;
  const { yes } = wordingOf(asked, login);
  const says = (ask: Ask) => [{ text: yes, spoken: `${yes}: ${name}`, onChoose: () => act(id, ask) }];
  switch (asked) {
    case "pause":
      return PAUSES.map(({ name: pause, forMs }) => ({
        text: capital(PAUSE_WORDS[pause]),
        spoken: `${yes} ${PAUSE_WORDS[pause]}: ${name}`,
        // "Until tomorrow" counts from the click.
        onChoose: () => act(id, (bridge) => bridge.pausePings(id, forMs(Date.now()))),
      }));
    case "tryOnce":
      return says((bridge) => bridge.refresh(id));
    case "allow":
      return says((bridge) => bridge.allow(id));
  }
}
