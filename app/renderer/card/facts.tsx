import { lookUp } from "../../shared/data/by-id.ts";
import { isManaged } from "../../shared/login/rules.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import { accessPart, LOGIN_DAYS, loginDays } from "../../shared/view/lives.ts";
import {
  accessLeft,
  accessText,
  CARD_FACTS,
  daysLeft,
  loginText,
  NONE_YET,
  pingText,
  refreshText,
  sharedText,
} from "../../shared/words/card.ts";
import { loginName } from "../../shared/words/status.ts";
import { visible } from "../../shared/words/visible.ts";
import type { Page } from "../page.ts";
import { Fact, Pieces } from "../parts.tsx";

interface FactsProps {
  /** Of the element; the button that opens it points at it. */
  readonly id: string;
  readonly login: Login;
  readonly page: Page;
}

/** All that is known of a login. */
export function Facts({ id, login, page }: FactsProps) {
  const name = visible(loginName(login));
  return (
    <dl id={id} class="facts">
      {isManaged(login.state) && <Clocks login={login} page={page} />}
      {login.sharedWith !== null && login.state !== "shared" && (
        <Fact name={CARD_FACTS.shared}>{visible(sharedText(login.sharedWith))}</Fact>
      )}
      {login.id !== login.provider && visible(login.id) !== name && (
        <Fact name={CARD_FACTS.id}>
          <bdi>{visible(login.id)}</bdi>
        </Fact>
      )}
    </dl>
  );
}

function Clocks({ login, page: { view, now } }: Pick<FactsProps, "login" | "page">) {
  const tokens = lookUp(view.tokensToday, login.id) ?? 0;
  const deadline = loginText(login, now);
  const part = accessPart(login, now);
  const days = loginDays(login, now);
  return (
    <>
      <Fact name={CARD_FACTS.access}>
        <Pieces text={accessText(login, now)} />
        {part !== null && <Bar part={part} text={accessLeft(part)} />}
      </Fact>
      <Fact name={CARD_FACTS.login}>
        <span class={deadline.soon ? "soon" : ""}>
          <Pieces text={deadline.text} />
        </span>
        {days !== null && <Bar part={days / LOGIN_DAYS} text={daysLeft(days, LOGIN_DAYS)} soon={deadline.soon} />}
      </Fact>
      <Fact name={CARD_FACTS.refresh}>
        <Pieces text={refreshText(login, now) ?? NONE_YET} />
      </Fact>
      <Fact name={CARD_FACTS.ping}>
        <Pieces text={pingText(login, tokens, view.pings?.mode ?? null, now)} />
      </Fact>
    </>
  );
}

interface BarProps {
  /** What is left of the whole, 0 to 1. */
  readonly part: number;
  readonly text: string;
  readonly soon?: boolean;
}

/** The words beside it say what it shows. */
function Bar({ part, text, soon = false }: BarProps) {
  return (
    <span class="life">
      <svg class={soon ? "bar soon" : "bar"} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="4" class="whole" />
        <rect width={part * 100} height="4" class="left" />
      </svg>
      <span class="quiet">{text}</span>
    </span>
  );
}
