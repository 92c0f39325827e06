import { stepFor } from "../../shared/words/file-problem.ts";
import { fileProblemSentence } from "../../shared/words/status.ts";
import { moment } from "../../shared/words/times.ts";
import { visible } from "../../shared/words/visible.ts";
import { Quit, ResumeAll } from "../card/details.tsx";
import type { Page } from "../page.ts";
import { Banner } from "../parts.tsx";

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
          <p>
            A demo: four made-up logins and a provider on this computer; nothing of yours is read or sent. Two are
            refreshed every minute, “team” is soon asked to wait, and “laptop” ends after half a minute and needs a
            sign-in.
          </p>
        </Banner>
      )}
      {view.ending && (
        <Banner kind="note">
          <p>Quitting … waiting up to 30 s for a refresh to finish.</p>
        </Banner>
      )}
      {problem !== null && (
        <Banner kind="alert">
          <p>{visible(problem)}</p>
        </Banner>
      )}
      {settingsProblem !== null && (
        <Banner kind="alert">
          <p>{visible(settingsProblem)} Until then the last good settings are used.</p>
        </Banner>
      )}
      {file !== null && file.problem !== null && (
        <Banner kind="alert">
          <p>{visible(fileProblemSentence(file))}</p>
          <p>Until this is fixed, nothing is written or refreshed. {stepFor(file)} Pilot Light will notice.</p>
        </Banner>
      )}
      {role.name === "viewer" && (
        <Banner kind="note">
          <p>
            Another Pilot Light{role.keeperPid === null ? "" : ` (pid ${role.keeperPid})`} keeps these logins alive.
            This window shows what it does; your commands work.
          </p>
        </Banner>
      )}
      {tray === "missing" && (
        <Banner kind="note">
          <p>This desktop shows no tray icons; closing this window minimises it. Quit ends Pilot Light.</p>
          <div class="buttons">
            <Quit page={page} />
          </div>
        </Banner>
      )}
      {allPaused !== null && (
        <Banner kind="note">
          <p>
            Pings of all logins are paused{" "}
            {allPaused.until === null ? "until you resume them" : `until ${moment(allPaused.until, now)}`}. Refreshing
            continues.
          </p>
          <div class="buttons">
            <ResumeAll page={page} />
          </div>
        </Banner>
      )}
    </>
  );
}
