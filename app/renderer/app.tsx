import type { Bridge } from "../shared/view/contract.ts";
import type { View } from "../shared/view/view.ts";
import { visible } from "../shared/words/visible.ts";
import { PAGE } from "../shared/words/window.ts";
import { useAnnouncement } from "./announce.ts";
import { Banners } from "./around/banners.tsx";
import { Empty } from "./around/empty.tsx";
import { Header } from "./around/header.tsx";
import { Notice } from "./around/notice.tsx";
import { SignedOut } from "./around/signed-out.tsx";
import { Rows } from "./card/rows.tsx";
import { useContentHeight } from "./content-height.ts";
import { useRefreshAllKeys } from "./keys.ts";
import { type Page, usePage } from "./page.ts";
import { Banner } from "./parts.tsx";
import { useSettingsOpen } from "./settings/open.ts";
import { Settings } from "./settings/settings.tsx";

interface AppProps {
  readonly bridge: Bridge;
}

/** The whole window. It keeps nothing of its own but what is open. */
export function App({ bridge }: AppProps) {
  const page = usePage(bridge);
  useContentHeight(bridge, "view" in page ? shownIn(page.view) : null);
  if ("view" in page) return <StatusPage page={page} />;
  return (
    <main>
      <h1>Pilot Light</h1>
      {page.kind === "loading" ? (
        <p role="status">{PAGE.starting}</p>
      ) : (
        <Banner kind="alert">
          <p>{visible(page.sentence)}</p>
        </Banner>
      )}
    </main>
  );
}

const SETTINGS = "settings";

/** A first login brings the notice with it, and one that was answered leaves much room behind. */
function shownIn(view: View): string | null {
  if (view.snapshot === null && view.problem === null) return null;
  if (!hasLogins(view)) return "none";
  return view.notice === null ? "logins" : "notice";
}

function StatusPage({ page }: { readonly page: Page }) {
  const settings = useSettingsOpen(SETTINGS);
  const { view } = page;
  const announcement = useAnnouncement(page);
  useRefreshAllKeys(page);
  return (
    <>
      <Header page={page} settings={SETTINGS} settingsOpen={settings.open} onSettings={settings.toggle} />
      <main>
        {settings.open && <Settings id={SETTINGS} page={page} calls={settings.calls} />}
        <Banners page={page} />
        {view.notice !== null && hasLogins(view) && <Notice notice={view.notice} page={page} />}
        <Logins page={page} />
        <SignedOut page={page} />
      </main>
      <p role="status" class="unseen">
        {announcement}
      </p>
    </>
  );
}

/** Before the first sign-in there is nothing to be sent, so nothing to be told of. */
function hasLogins({ snapshot }: View): boolean {
  return snapshot !== null && snapshot.accounts.length > 0;
}

function Logins({ page }: { readonly page: Page }) {
  const { snapshot, problem } = page.view;
  // Nothing is waited for where the keeper says why it cannot work.
  if (snapshot === null) return problem === null ? <p class="looking">{PAGE.looking}</p> : null;
  const { accounts: logins, file } = snapshot;
  if (logins.length === 0) return file.problem === null ? <Empty file={file} page={page} /> : null;
  return <Rows logins={logins} page={page} />;
}
