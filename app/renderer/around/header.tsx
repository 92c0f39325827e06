import { ALL } from "../../shared/data/all.ts";
import { isBusy } from "../../shared/view/busy.ts";
import { degreeOf } from "../../shared/view/degree.ts";
import { offersRefreshAll } from "../../shared/view/offers.ts";
import { summaryOf } from "../../shared/words/status.ts";
import { capital } from "../../shared/words/times.ts";
import { APP_BUTTONS, PAGE } from "../../shared/words/window.ts";
import { Flame } from "../card/mark.tsx";
import { REFRESH_ALL_KEYS } from "../keys.ts";
import type { Page } from "../page.ts";
import { AnswerLine, Button } from "../parts.tsx";

interface HeaderProps {
  readonly page: Page;
  readonly settingsOpen: boolean;
  /** The id of what "Settings" opens. */
  readonly settings: string;
  readonly onSettings: () => void;
}

/** Who this is, how all logins are in one line, and what concerns all of them. */
export function Header({ page, settingsOpen, settings, onSettings }: HeaderProps) {
  const { view, now, act } = page;
  const summary = summaryOf(view.snapshot, now);
  const logins = view.snapshot?.accounts ?? [];
  const busy = isBusy(view, ALL);
  return (
    <header class="top" data-home tabIndex={-1} aria-label="Pilot Light">
      <div class="line">
        <Flame degree={degreeOf(view, now)} />
        <div class="name">
          <h1>Pilot Light {view.demo && <span class="badge">demo</span>}</h1>
          <p class="summary">{view.problem === null ? capital(summary.text) : PAGE.notWorking}</p>
        </div>
        <div class="buttons">
          {logins.length > 0 && (
            <Button
              text={APP_BUTTONS.refreshAll}
              look="primary"
              keys={REFRESH_ALL_KEYS}
              off={!offersRefreshAll(view)}
              onPress={() => act(ALL, (bridge) => bridge.refreshAll())}
            />
          )}
          <Button text={APP_BUTTONS.settings} open={settingsOpen} opens={settings} onPress={onSettings} />
        </div>
      </div>
      <AnswerLine answer={page.answer(ALL)} busy={busy} now={now} />
    </header>
  );
}
