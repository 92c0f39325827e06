/** Makes those pictures in docs/screens/ for which the page is enough: `npm run screens`. Look at each one after it. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { describe, it } from "vitest";
import { UserError } from "../../app/shared/data/errors.ts";
import { refuseNewer, VERSION } from "../../app/shared/data/version.ts";
import { LOGIN_STATE_NAMES } from "../../app/shared/login/states.ts";
import type { Story } from "../../app/shared/view/story.ts";
import type { View } from "../../app/shared/view/view.ts";
import { fileProblemWords } from "../../app/shared/words/file-problem.ts";
import { shrink } from "../support/desktop/picture.ts";
import { ENDED_STORY, OUTAGE_DAY, SLEPT } from "../support/window/stories.ts";
import { openRows, windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, NOON, viewOf } from "../support/window/views.ts";

const folder = fileURLToPath(new URL("../../docs/screens", import.meta.url));
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Sheet {
  readonly name: string;
  readonly view: View;
  readonly story?: Story;
  readonly width: number;
  /** What is done to the page before its picture is taken. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Each state, and what a healthy login can have to say besides. */
const STATES = viewOf(
  [
    ...LOGIN_STATE_NAMES.map((state) => accountIn(state, `anthropic/${state}`, { label: state })),
    accountIn("signIn", "anthropic/deadline", { label: "signIn, by its deadline", reasonKind: "deadline" }),
    accountIn("healthy", "anthropic/soon", { label: "healthy, ends soon", loginEndsAt: NOON + 2 * DAY }),
    accountIn("healthy", "anthropic/new", {
      label: "healthy, nothing known yet",
      lastRefresh: null,
      loginEndsAt: null,
    }),
  ],
  { terminal: "xterm", tokensToday: { "anthropic/healthy": 96 } },
);

const BROKEN_SETTINGS =
  "The settings file /home/ann/.config/pilot-light/settings.json cannot be read: it is not JSON (line 3, column 1). " +
  "Fix it, or move it away.";
const UNREADABLE = { kind: "notJson", line: 7, column: 3 } as const;

const WELL = viewOf([
  accountIn("healthy", "anthropic", { accessExpiresAt: NOON + 3.15 * HOUR, nextRefreshAt: NOON + 1.5 * HOUR }),
]);
const openHistory = (page: Page) => page.getByText("History", { exact: true }).click();

const SHEETS: readonly Sheet[] = [
  { name: "story-night", view: WELL, story: SLEPT, width: 600 },
  { name: "story-outage", view: WELL, story: OUTAGE_DAY, width: 600 },
  {
    name: "story-ended",
    view: viewOf([accountIn("signIn")], { terminal: "xterm" }),
    story: ENDED_STORY,
    width: 600,
    prepare: openHistory,
  },
  {
    name: "window-signed-out",
    view: viewOf(fourLogins(), {
      signedOut: [{ id: "anthropic/laptop", label: "laptop", erasedAt: NOON + 7 * DAY }],
      rescuables: [],
      terminal: "xterm",
    }),
    width: 600,
  },
  { name: "states", view: STATES, width: 1_160, prepare: openRows },
  {
    name: "window-unreadable-file",
    view: viewOf([], {}, { format: null, problem: fileProblemWords(UNREADABLE), problemKind: UNREADABLE.kind }),
    width: 600,
  },
  {
    name: "window-own-files",
    view: viewOf([], {}, { format: null, problem: ofNewerVersion(), problemKind: "ownNotes" }),
    width: 600,
  },
  {
    name: "window-broken-settings",
    view: viewOf(fourLogins(), {
      settingsProblem: { sentence: BROKEN_SETTINGS, maySetAside: true },
    }),
    width: 600,
  },
  {
    name: "window-banners",
    view: viewOf(fourLogins(), {
      role: { name: "viewer", keeperPid: 4_711 },
      tray: "missing",
      allPaused: { until: NOON + DAY / 24 },
    }),
    width: 600,
  },
  {
    name: "window-narrow",
    view: viewOf(fourLogins(), { terminal: "xterm" }),
    width: 360,
    prepare: (page) => openRows(page, "anthropic · work"),
  },
];

/** @returns what is said of notes that a newer version wrote. */
function ofNewerVersion(): string {
  try {
    refuseNewer({ version: VERSION + 1 }, "/home/ann/.local/state/pilot-light/files/3f2a/lineage.json");
  } catch (error) {
    if (error instanceof UserError) return error.message;
  }
  throw new Error("it was not refused");
}

describe("sheets", () => {
  const suite = windowSuite();
  const looks = SHEETS.flatMap((sheet) => (["light", "dark"] as const).map((scheme) => ({ ...sheet, scheme })));
  it.each(looks)("of $name, $scheme", async ({ name, view, story, width, prepare, scheme }) => {
    const { page } = await suite.open({
      view,
      ...(story === undefined ? {} : { story }),
      context: { viewport: { width, height: 400 }, colorScheme: scheme, reducedMotion: "reduce" },
    });
    await page.locator("header .summary").waitFor();
    await prepare?.(page);
    // As high as the page: the header stays in view, so it would stand in the middle of a longer picture.
    const height: number = await page.evaluate(
      "Math.ceil(document.getElementById('page').getBoundingClientRect().height)",
    );
    await page.setViewportSize({ width, height });
    await page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)");
    const path = join(folder, `${name}-${scheme}.png`);
    await page.screenshot({ path });
    await shrink(path);
  });
});
