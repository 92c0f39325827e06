import { useEffect, useRef } from "preact/hooks";
import { ALL } from "../../shared/all.ts";
import type { View } from "../../shared/view.ts";
import { visible } from "../../shared/words/visible.ts";
import { useOnScreen } from "../on-screen.ts";
import type { Page } from "../page.ts";
import { Button } from "../parts.tsx";

interface NoticeProps {
  readonly notice: NonNullable<View["notice"]>;
  readonly page: Page;
}

/** What is sent where, what it costs, and what the provider's terms say; once, on the first run. */
export function Notice({ notice, page }: NoticeProps) {
  const { act } = page;
  const heading = useRef<HTMLHeadingElement>(null);
  const seen = useOnScreen(heading);
  useEffect(() => {
    // Message pings may leave a minute later: so only what really was on the screen counts.
    if (seen) act(ALL, (bridge) => bridge.noticeShown());
  }, [seen, act]);
  return (
    <section class="notice card" data-home tabIndex={-1} aria-labelledby="notice-name">
      <h2 id="notice-name" ref={heading}>
        What Pilot Light sends
      </h2>
      <ul>
        <li>
          <strong>To refresh</strong>, it sends a login's refresh token to <Address url={notice.tokenUrl} /> before its
          access ends.
        </li>
        <li>
          <strong>Pings.</strong> <Pings notice={notice} />
        </li>
        <li>
          <strong>The terms.</strong> Anthropic's terms restrict the use of subscription logins in programs other than
          its own, and automated use. It may refuse, charge or object; an API key is the way that it names for other
          programs. Whether this is right for your logins is for you to decide: please read the terms.
        </li>
      </ul>
      <p>Nothing else is sent.</p>
      <div class="buttons">
        <Button text="Got it" look="strong" onPress={() => act(ALL, (bridge) => bridge.noticeClosed())} />
      </div>
    </section>
  );
}

function Pings({ notice: { pingMode, apiUrl } }: Pick<NoticeProps, "notice">) {
  const setting = <code>"ping": {'{ "mode": … }'}</code>;
  switch (pingMode) {
    case "message":
      return (
        <>
          Every 30 minutes each healthy login sends the one word “ping” to <Address url={apiUrl} />. That costs a few
          tokens each time, some 15 as a rule. It is no proof that it keeps a login alive; refreshing does that. To
          change it, set {setting} to <code>"profile"</code> (uses no tokens) or <code>"off"</code> in the settings
          file.
        </>
      );
    case "profile":
      return (
        <>
          Every 30 minutes each healthy login asks <Address url={apiUrl} /> for its profile. That uses no tokens. To
          change it, set {setting} in the settings file.
        </>
      );
    case "off":
      return <>They are off: none are sent.</>;
  }
}

function Address({ url }: { readonly url: string }) {
  return <code>{visible(url)}</code>;
}
