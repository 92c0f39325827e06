/** What docs/first-hour.md says: the prose is written here, the figures are measured. Pure. */
import type { Step } from "./story.ts";

export interface Measured {
  readonly steps: readonly Step[];
  /** `--notify-grace`. */
  readonly graceS: number;
  /** How long the provider's access tokens live after the first refresh. */
  readonly laterS: number;
  /** From the provider's refusal to the notification on the bus, less the grace. */
  readonly toldWithinMs: number;
  /** Of the row that needs a sign-in among twelve: its lower edge, and what the window shows; pixels of the page. */
  readonly row: { readonly bottom: number; readonly height: number };
  readonly cores: number;
  /** Of the machine over the last five minutes. */
  readonly load: number;
}

interface Chapter {
  readonly title: string;
  readonly text: (measured: Measured) => string;
  /** Of the picture, for who does not see it. */
  readonly alt: string;
}

const CHAPTERS: Readonly<Record<string, Chapter>> = {
  start: {
    title: "Clone it, start it",
    text: () =>
      "`git clone`, then `npm start`: it installs the dependencies, builds, finds an Electron and opens the window. There " +
      "is no login yet, so the window says which file it waits for and how there will be one.",
    alt: "A terminal with npm start, and the window of Pilot Light without a login",
  },
  opencode: {
    title: "“Sign in …”",
    text: () =>
      "One click opens the user's terminal with `opencode auth login` in it. Here opencode asks for the provider.",
    alt: "opencode's list of providers in a terminal that the window opened",
  },
  code: {
    title: "The code",
    text: () =>
      "Anthropic is picked. The address is for the browser; there the person reads a code, and it is typed in the terminal.",
    alt: "opencode shows an address, and the code is typed behind its question",
  },
  "signed-in": {
    title: "The login is there",
    text: () =>
      "opencode stores the login, and the window fills itself. It says what will be sent where, what the provider's terms " +
      "say, and asks which pings there shall be.",
    alt: "opencode says “Login successful”; the window shows the login, and the question about pings above it",
  },
  pings: {
    title: "A choice of pings",
    text: () =>
      "“Profile” asks no model and costs no tokens. The question is gone. No ping leaves in the first minute after the " +
      "start; then the first check of the profile does, which is what this step waits for.",
    alt: "The window with one login whose last ping was a moment ago",
  },
  refreshed: {
    title: "Refreshed",
    text: () =>
      "Nobody did anything: the login was due, and Pilot Light refreshed it. The answer names the day on which the login " +
      "itself ends, and the window shows it.",
    alt: "The window shows a refreshed login, and that it ends in about 30 days",
  },
  tray: {
    title: "Into the tray",
    text: () =>
      "The window is closed; the keeper goes on. A click on the icon in the panel shows how long the access lasts.",
    alt: "The menu of the icon in the panel, with the clocks of the login",
  },
  told: {
    title: "The provider ends the login",
    text: ({ laterS, graceS }) =>
      "The provider ends it. Nobody can know before the next refresh, for which this step waits most of the time (the tokens " +
      `live ${laterS} s here). It is refused with \`invalid_grant\`. That may heal, so the grace passes (${graceS} s here, 10 ` +
      "minutes unless you say otherwise), and then the desktop's own notification service shows it.",
    alt: "A notification: anthropic needs a sign-in. The provider ended this login",
  },
  opened: {
    title: "A click on the notification",
    text: () =>
      "“View” opens the window at this login, with the button that helps. (Other services open it by a click anywhere on the " +
      "notification; in Xfce's that only sends it away.)",
    alt: "The window at the login that has ended, with the button “Sign in …”",
  },
  "signed-in-again": {
    title: "Signed in again",
    text: () =>
      "The same button, the same terminal, the same opencode. It stores the new login in place of the old one, and Pilot " +
      "Light goes on with it by itself.",
    alt: "opencode says “Login successful” once more, and the window shows the login as healthy",
  },
  twelve: {
    title: "Twelve logins, one has ended",
    text: () => "Another user with twelve logins opens the window. The one that needs its person comes first.",
    alt: "The window with twelve rows; the first one says “sign in again”",
  },
};

/** @returns the whole document. @throws where a step has no chapter. */
export function firstHour(measured: Measured): string {
  const { steps } = measured;
  return `${[INTRODUCTION, table(steps), bars(measured), ...steps.map((step, at) => chapterText(step, at, measured)), conditions(measured)].join("\n\n")}\n`;
}

const INTRODUCTION = `# The first hour

What a new user meets, from the clone to a login that was refreshed, ended and was signed in again, with real programs. All
of it, pictures and figures included, is made by one command, \`npm run first-hour\`; what is real in it and what is not is
[at the end](#what-is-real-here).`;

function table(steps: readonly Step[]): string {
  const rows = steps.map(
    ({ name, at, took, clicks }, index) =>
      `| ${index + 1} | ${chapterOf(name).title} | ${seconds(took)} | ${seconds(at)} | ${clicks === 0 ? "-" : clicks} |`,
  );
  return ["| | Step | took | done after | clicks |", "|---|---|---|---|---|", ...rows].join("\n");
}

function bars({ steps, graceS, toldWithinMs, row }: Measured): string {
  const again = steps.filter(({ name }) => name === "opened" || name === "signed-in-again");
  const clicks = again.reduce((sum, step) => sum + step.clicks, 0);
  const took = again.reduce((sum, step) => sum + step.took, 0);
  return `What is asked of it:

| | Bar | Here |
|---|---|---|
| from \`invalid_grant\` to the notification's text on the bus | grace + 2 s | grace (${graceS} s) + ${seconds(toldWithinMs)} |
| from the notification to signed in | few clicks | ${clicks} clicks, and what opencode asks; ${seconds(took)} |
| one of twelve logins has ended | seen without scrolling | its row ends at ${row.bottom} of ${row.height} pixels |`;
}

function chapterText({ name, picture, at, took }: Step, index: number, measured: Measured): string {
  const { title, text, alt } = chapterOf(name);
  return `## ${index + 1}. ${title}

${wrapped(`${text(measured)} *${seconds(took)}, done after ${seconds(at)}.*`)}

![${alt}](screens/first-hour/${picture})`;
}

function conditions({ cores, load, laterS }: Measured): string {
  return `## What is real here

Real: the clone (of the checkout, as it is committed) and \`npm ci\`; the build; the app in the Electron that \`npm start\`
finds; opencode itself, in the exact version of [\`opencode.mjs\`](../scripts/setup/opencode.mjs); xterm; xfwm4, xfce4-panel
and xfce4-notifyd on an Xvfb; mouse and keyboard, by xdotool. The machine has ${cores} cores, and a load of ${load.toFixed(1)} over the last
five minutes: above ${cores}, other programs took time as well.

Not real, since no request leaves the machine:

- The provider is a server on 127.0.0.1, and its access tokens live ${laterS} s instead of 8 hours, so that the hour is over
  in minutes.
- opencode has had no sign-in for Anthropic of its own since March 2026, so a plugin adds it. Here that is
  [\`sign-in-plugin.mjs\`](../e2e/support/opencode/sign-in-plugin.mjs), which does OAuth with that server: with PKCE, a page and
  a code. The program plays the browser: it fetches the page, and types the code.
- \`npm ci\` takes its packages from npm's cache, and the Electron was fetched before. On a first day the network's time comes
  on top.
- Two flags are the program's own: \`--notify-grace\`, so as not to wait for 10 minutes, and \`--remote-debugging-port\`, by which it
  learns where a button is. It clicks there with the mouse.
- The times are those of a hand that never hesitates. What pictures took is not counted.`;
}

/** Lines as long as those of the other papers; a number stays with its unit. */
function wrapped(text: string): string {
  return text
    .replace(/(\d) s(?=\b)/g, "$1\u{a0}s")
    .replace(/(.{1,120})(?: |$)/g, "$1\n")
    .replaceAll("\u{a0}", " ")
    .trimEnd();
}

function chapterOf(name: string): Chapter {
  const chapter = CHAPTERS[name];
  if (chapter === undefined) throw new Error(`the step "${name}" has no chapter`);
  return chapter;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
