import { Fragment } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ALL } from "../../shared/data/all.ts";
import type { View } from "../../shared/view/view.ts";
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
  const { act, view } = page;
  const { providers } = view;
  const terms = providers.flatMap(({ termsNote }) => termsNote ?? []).join(" ");
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
          <strong>To refresh</strong>, it sends a login's refresh token to{" "}
          <Addresses urls={providers.map(({ tokenUrl }) => tokenUrl)} /> before its access ends.
        </li>
        <li>
          <strong>Pings.</strong> <Pings mode={notice.pingMode} urls={providers.map(({ apiUrl }) => apiUrl)} />
        </li>
        {terms !== "" && (
          <li>
            <strong>The terms.</strong> {visible(terms)} Whether this is right for your logins is for you to decide:
            please read the terms.
          </li>
        )}
      </ul>
      <p>Nothing else is sent.</p>
      <div class="buttons">
        <Button text="Got it" look="strong" onPress={() => act(ALL, (bridge) => bridge.noticeClosed())} />
      </div>
    </section>
  );
}

interface PingsProps {
  readonly mode: NonNullable<View["notice"]>["pingMode"];
  readonly urls: readonly string[];
}

function Pings({ mode, urls }: PingsProps) {
  const setting = <code>"ping": {'{ "mode": … }'}</code>;
  switch (mode) {
    case "message":
      return (
        <>
          Every 30 minutes each healthy login sends the one word “ping” to <Addresses urls={urls} />. That costs a few
          tokens each time, some 15 as a rule. It is no proof that it keeps a login alive; refreshing does that. To
          change it, set {setting} to <code>"profile"</code> (uses no tokens) or <code>"off"</code> in the settings
          file.
        </>
      );
    case "profile":
      return (
        <>
          Every 30 minutes each healthy login asks <Addresses urls={urls} /> for its profile. That uses no tokens. To
          change it, set {setting} in the settings file.
        </>
      );
    case "off":
      return <>They are off: none are sent.</>;
  }
}

/** One for each provider. */
function Addresses({ urls }: { readonly urls: readonly string[] }) {
  return (
    <>
      {urls.map((url, at) => (
        <Fragment key={url}>
          {at > 0 && " or "}
          <code>{visible(url)}</code>
        </Fragment>
      ))}
    </>
  );
}
