import { useEffect, useRef } from "preact/hooks";
import { ALL } from "../../shared/data/all.ts";
import type { View } from "../../shared/view/view.ts";
import { APP_BUTTONS, NOTICE, noticeItems } from "../../shared/words/window.ts";
import { useOnScreen } from "../on-screen.ts";
import type { Page } from "../page.ts";
import { Button, Sentence } from "../parts.tsx";

interface NoticeProps {
  readonly notice: NonNullable<View["notice"]>;
  readonly page: Page;
}

/** What is sent where, what it costs, and what the provider's terms say; once, on the first run. */
export function Notice({ notice, page }: NoticeProps) {
  const { act, view } = page;
  const heading = useRef<HTMLHeadingElement>(null);
  const seen = useOnScreen(heading);
  useEffect(() => {
    // Message pings may leave a minute later: so only what really was on the screen counts.
    if (seen) act(ALL, (bridge) => bridge.noticeShown());
  }, [seen, act]);
  return (
    <section class="notice card" data-home tabIndex={-1} aria-labelledby="notice-name">
      <h2 id="notice-name" ref={heading}>
        {NOTICE.title}
      </h2>
      <ul>
        {noticeItems(notice.pingMode, view.providers).map((parts, at) => (
          <li key={at}>
            <Sentence parts={parts} />
          </li>
        ))}
      </ul>
      <p>{NOTICE.end}</p>
      <div class="buttons">
        <Button
          text={APP_BUTTONS.noticeRead}
          look="strong"
          onPress={() => act(ALL, (bridge) => bridge.noticeClosed())}
        />
      </div>
    </section>
  );
}
