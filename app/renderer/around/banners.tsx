import { visible } from "../../shared/words/visible.ts";
import {
  allPausedBanner,
  DEMO_BANNER,
  fileBanner,
  NO_TRAY,
  QUITTING,
  viewerBanner,
} from "../../shared/words/window.ts";
import type { Page } from "../page.ts";
import { Banner } from "../parts.tsx";
import { BrokenSettings } from "../settings/broken.tsx";
import { Quit, ResumeAll } from "../settings/buttons.tsx";

interface BannersProps {
  readonly page: Page;
}

/** What is to be known about all of it, the gravest first. */
export function Banners({ page }: BannersProps) {
  const { view, now } = page;
  const { role, problem, settingsProblem, tray, allPaused } = view;
  const file = view.snapshot?.file ?? null;
  return (
    <>
      {view.demo && (
        <Banner kind="note">
          <p>{DEMO_BANNER}</p>
        </Banner>
      )}
      {view.ending && (
        <Banner kind="note">
          <p>{QUITTING}</p>
        </Banner>
      )}
      {problem !== null && problem !== settingsProblem?.sentence && (
        <Banner kind="alert">
          <p>{visible(problem)}</p>
        </Banner>
      )}
      {settingsProblem !== null && <BrokenSettings page={page} />}
      {file !== null && file.problem !== null && (
        <Banner kind="alert">
          {fileBanner(file).map((text) => (
            <p key={text}>{visible(text)}</p>
          ))}
        </Banner>
      )}
      {role.name === "viewer" && (
        <Banner kind="note">
          <p>{viewerBanner(role.keeperPid)}</p>
        </Banner>
      )}
      {tray === "missing" && (
        <Banner kind="note">
          <p>{NO_TRAY}</p>
          <div class="buttons">
            <Quit page={page} />
          </div>
        </Banner>
      )}
      {allPaused !== null && (
        <Banner kind="note">
          <p>{allPausedBanner(allPaused.until, now)}</p>
          <div class="buttons">
            <ResumeAll page={page} />
          </div>
        </Banner>
      )}
    </>
  );
}
