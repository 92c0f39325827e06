import { useEffect, useRef } from "preact/hooks";
import { ALL } from "../../shared/data/all.ts";
import type { View } from "../../shared/view/view.ts";
import { visible } from "../../shared/words/visible.ts";
import { NOTICE, noticeCountdown, noticeLines, noticeTerms, pingChoices } from "../../shared/words/window/notice.ts";
import { useOnScreen } from "../on-screen.ts";
import type { Page } from "../page.ts";
import { Sentence } from "../parts.tsx";

interface NoticeProps {
  readonly notice: NonNullable<View["notice"]>;
  readonly page: Page;
}

/** What is sent where, what the provider's terms say, and the choice of pings with what each costs; until one is made. */
export function Notice({ notice, page }: NoticeProps) {
  const { act, now, view } = page;
  const heading = useRef<HTMLHeadingElement>(null);
  const seen = useOnScreen(heading);
  useEffect(() => {
    // Message pings may leave a minute later: so only what really was on the screen counts.
    if (seen) act(ALL, (bridge) => bridge.noticeShown());
  }, [seen, act]);
  const terms = noticeTerms(view.providers);
  return (
    <section class="notice card" data-home tabIndex={-1} aria-labelledby="notice-name">
      <h2 id="notice-name" ref={heading}>
        {NOTICE.title}
      </h2>
      <ul>
        {noticeLines(view.providers).map((parts, at) => (
          <li key={at}>
            <Sentence parts={parts} />
          </li>
        ))}
      </ul>
      {terms !== null && <p class="quiet">{visible(terms)}</p>}
      <p id="notice-question">{NOTICE.question}</p>
      <div class="offers" role="group" aria-labelledby="notice-question">
        {pingChoices(view.providers, view.pings?.dailyTokens ?? 0).map(({ mode, name, sends, costs }) => (
          <button
            key={mode}
            type="button"
            class="offer"
            onClick={() => act(ALL, (bridge) => bridge.changeSettings({ key: "ping.mode", value: mode }))}
          >
            <span class="name">{name}</span>
            <span>{visible(sends)}</span>
            <span class="costs">{costs}</span>
          </button>
        ))}
      </div>
      <p>{noticeCountdown(notice, now)}</p>
    </section>
  );
}
