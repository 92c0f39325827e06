import { useRef, useState } from "preact/hooks";
import { asksForSignIn } from "../../shared/login/need.ts";
import { type Command, mayDisallow, needsSignIn } from "../../shared/login/rules.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import { offers } from "../../shared/view/offers.ts";
import { PAUSES } from "../../shared/view/pauses.ts";
import { providerOf } from "../../shared/view/sign-in.ts";
import type { View } from "../../shared/view/view.ts";
import { type AskedFirst, BUTTONS, PAUSE_WORDS, wordingOf } from "../../shared/words/card.ts";
import { capital } from "../../shared/words/times.ts";
import { visible } from "../../shared/words/visible.ts";
import { putBackWording } from "../../shared/words/window/kept.ts";
import { type Choice, Question } from "../around/question.tsx";
import type { Ask, Page } from "../page.ts";
import { Button } from "../parts.tsx";
import { SignIn } from "./sign-in.tsx";

/** What helps most where a login needs someone and a sign-in does not. */
const MAIN = ["allow", "tryOnce"] as const satisfies readonly AskedFirst[];

/** A command that is asked first; what is put back stands in the view, not in the state. */
type Asked = AskedFirst | "putBack";

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
  const [asked, setAsked] = useState<Asked | null>(null);
  const opener = useRef<HTMLButtonElement | null>(null);
  const { id, provider, state } = login;
  const { act, view } = page;
  const may = (command: Command) => offers(view, state, command);
  const offer = putBackOffer(view, login);
  const can = (what: Asked) => (what === "putBack" ? offer !== null : may(what));
  const wording = (what: Asked) =>
    what !== "putBack" ? wordingOf(what, login) : offer === null ? null : putBackWording(offer);
  const isNeeded = needsSignIn(state);
  // Opened, it is offered before it is too late as well.
  const canSignIn = isOpen ? asksForSignIn(login, page.now) : isNeeded;
  const main = isNeeded ? "signIn" : (MAIN.find(may) ?? null);
  const has = (what: Asked) => isOpen || what === main;
  const needs = providerOf(view, provider)?.signInNeeds ?? "";
  // A question that the state no longer allows is taken back.
  const open = asked !== null && can(asked) && has(asked) && !busy ? asked : null;
  const questionId = `login-${place}-question`;

  const close = () => {
    setAsked(null);
    opener.current?.focus();
  };
  const does = (text: string, ask: Ask) => <Button text={text} about={name} off={busy} onPress={() => act(id, ask)} />;
  const question = open === null ? null : wording(open);
  const asks = (command: Asked) =>
    can(command) &&
    has(command) && (
      <Button
        text={`${wording(command)?.button ?? ""} …`}
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
        {asks("putBack")}
        {isOpen && mayDisallow(login) && does(BUTTONS.disallow, (bridge) => bridge.disallow(id))}
      </div>
      {canSignIn && isOpen && needs !== "" && <p class="quiet hint">{visible(needs)}</p>}
      {open !== null && question !== null && (
        <Question
          key={open}
          id={questionId}
          text={visible(question.text)}
          about={name}
          choices={choicesOf(open, login, name, page, offer).map((choice) => ({
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

/** @returns what `rescue` could put into this login; null = nothing, or another button does the same. */
function putBackOffer({ rescuables }: View, { id, state, reasonKind }: Login): Offer | null {
  if (state === "wipedElsewhere" && reasonKind === "copyKept") return null;
  return rescuables.find((each) => each.id === id && each.obstacle === null) ?? null;
}

type Offer = View["rescuables"][number];

function choicesOf(asked: Asked, login: Login, name: string, { act }: Page, offer: Offer | null): readonly Choice[] {
  const { id } = login;
  const says = (yes: string, ask: Ask) => [{ text: yes, spoken: `${yes}: ${name}`, onChoose: () => act(id, ask) }];
  switch (asked) {
    case "pause":
      return PAUSES.map(({ name: pause, forMs }) => ({
        text: capital(PAUSE_WORDS[pause]),
        spoken: `${wordingOf(asked, login).yes} ${PAUSE_WORDS[pause]}: ${name}`,
        // "Until tomorrow" counts from the click.
        onChoose: () => act(id, (bridge) => bridge.pausePings(id, forMs(Date.now()))),
      }));
    case "tryOnce":
      return says(wordingOf(asked, login).yes, (bridge) => bridge.refresh(id));
    case "allow":
      return says(wordingOf(asked, login).yes, (bridge) => bridge.allow(id));
    case "putBack":
      return offer === null ? [] : says(putBackWording(offer).yes, (bridge) => bridge.rescue(id, offer.fingerprint));
  }
}
