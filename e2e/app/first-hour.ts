/** Makes docs/first-hour.md: the first hour of a new user with real programs, in pictures and times. `npm run first-hour`. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { availableParallelism, homedir, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { appScene } from "../support/app.ts";
import { publishedIn } from "../support/cli.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { startNotifyd } from "../support/desktop/notifyd.ts";
import { recordBus } from "../support/desktop/record-bus.ts";
import { findWindow, windowIds } from "../support/desktop/windows.ts";
import { exists } from "../support/files.ts";
import { APP_WINDOW, appWindow } from "../support/first-hour/app-window.ts";
import { firstHour } from "../support/first-hour/document.ts";
import { signIn } from "../support/first-hour/sign-in.ts";
import { beginStory } from "../support/first-hour/story.ts";
import { enter, giveTerminal, openTerminal, terminalAfter } from "../support/first-hour/terminal.ts";
import { freePort } from "../support/opencode/opencode.ts";
import { giveOpencode } from "../support/opencode/user.ts";
import { openSignInDoor } from "../support/server/sign-in-door.ts";
import { startTokenServer } from "../support/server/token-server.ts";
import { twelveLogins } from "../support/shown-logins.ts";
import { startLateness, until } from "../support/wait.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const GRACE_S = 5;
/** What the first access token lives: while its lifetime is unknown, it is due 10 minutes before its end. */
const FIRST_S = 11 * 60;
/** What the later ones live, so that the hour passes quickly. */
const LATER_S = 150;

interface Urls {
  readonly door: string;
  readonly token: string;
  readonly api: string;
}

/** A user's home: opencode, a terminal, what is to be cloned, and caches, so that nothing has to be fetched. */
async function giveHome(home: string, { door, token, api }: Urls): Promise<Desktop["env"]> {
  await mkdir(join(home, ".cache"), { recursive: true });
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  await symlink(join(cache, "pilot-light-dev"), join(home, ".cache", "pilot-light-dev"));
  await mkdir(join(home, "upstream"));
  await symlink(root, join(home, "upstream", "pilot-light"));
  return {
    ...(await giveTerminal(home)),
    ...(await giveOpencode(home, door)),
    npm_config_offline: "true",
    npm_config_cache: process.env["npm_config_cache"] ?? join(homedir(), ".npm"),
    npm_config_update_notifier: "false",
    ELECTRON_MIRROR: "http://127.0.0.1:9/",
    PILOT_LIGHT_TOKEN_URL: token,
    PILOT_LIGHT_API_URL: api,
  };
}

it("the first hour", async ({ onTestFinished }) => {
  const closing = <T extends { close(): Promise<void> }>(made: T): T => {
    onTestFinished(() => made.close());
    return made;
  };
  let lives = FIRST_S;
  const server = closing(await startTokenServer({}, { expiresIn: () => lives }));
  const door = closing(await openSignInDoor(() => server.issue({ endsIn: 30 * 86_400 })));
  const urls = { door: door.url, token: server.tokenUrl, api: server.apiUrl };
  const desktop = closing(
    await startDesktop({
      panel: true,
      windowManager: true,
      logind: true,
      light: true,
      width: 1_200,
      env: (home) => giveHome(home, urls),
    }),
  );
  const { env, home } = desktop;
  const notifyd = closing(await startNotifyd(desktop, "light"));
  const bus = closing(await recordBus(env, "session"));
  const port = await freePort();
  const app = closing(appWindow(desktop, port));
  const published = () => publishedIn(join(home, ".local", "state", "pilot-light"));
  const shell = await openTerminal(desktop);
  const story = await beginStory(desktop, join(root, "docs", "screens", "first-hour"));

  await story.step(
    "start",
    async () => {
      await enter(desktop, shell, "git clone -q upstream/pilot-light && cd pilot-light");
      await until("it is cloned", () => exists(join(home, "pilot-light", "package.json")));
      await shell.settled();
      await enter(desktop, shell, `npm start -- --notify-grace ${GRACE_S} --remote-debugging-port=${port}`);
      await (await app.page(300_000)).getByText("No logins yet").waitFor();
      await (await findWindow(env, APP_WINDOW)).moveTo(590, 48);
    },
    app,
  );

  const button = (name: RegExp) => app.page().then((page) => page.getByRole("button", { name }).first());
  await shell.minimise();
  const first = await story.step("opencode", async (hand) => {
    const terminal = await terminalAfter(env, async () => app.click(hand, await button(/^Sign in …/)));
    return { terminal, ...(await signIn(desktop, terminal, 1)) };
  });
  await story.step("code", first.typeCode, { still: first.terminal.settled });
  await story.step(
    "signed-in",
    async () => {
      await first.finish();
      lives = LATER_S;
      await (await app.page()).getByText("leaves in").waitFor();
    },
    app,
  );
  await first.terminal.close();
  await story.step(
    "pings",
    async (hand) => {
      await app.click(hand, await button(/^Profile/));
      await server.seen("profile", 1);
      await (await app.page()).getByText(/ago, ok|just now, ok/).waitFor();
    },
    app,
  );
  await story.step("refreshed", async () => {
    await server.seen("token", 1);
    await (await app.page()).getByText("of about 30 days left").waitFor();
  });
  await story.step("tray", async (hand) => {
    const { x, y, width } = await (await findWindow(env, APP_WINDOW)).place();
    // The last button of its title bar.
    await hand.click(x + width - 11, y - 14);
    await until("the window is gone", async () => (await windowIds(env, APP_WINDOW)).length === 0);
    await desktop.clickIcon(3);
  });

  await desktop.press("Escape", "Escape");
  await server.revoke((await server.standing(door.given()?.refresh ?? "")).newest ?? "");
  const lateness = startLateness();
  onTestFinished(async () => void lateness.stop());
  const told = await story.step(
    "told",
    async () => {
      const at = await until("it is told", () => notifiedAt(bus.recorded()), 120_000);
      return { at, late: lateness.stop(), refused: (await published())?.accounts[0]?.lastRefresh?.at ?? 0 };
    },
    { still: async () => void (await notifyd.place()) },
  );
  const toldWithin = told.at - told.refused - GRACE_S * 1_000;
  expect(toldWithin).toBeLessThan(2_000 + told.late);

  const notified = await notifyd.place();
  await story.step(
    "opened",
    async (hand) => {
      // Its button "View": a click beside it would only send it away.
      await hand.click(notified.x + notified.width - 57, notified.y + notified.height - 31);
      await (await app.page()).getByText("sign in again").first().waitFor();
    },
    app,
  );
  await story.step(
    "signed-in-again",
    async (hand) => {
      const terminal = await terminalAfter(env, async () => app.click(hand, await button(/^Sign in …/)));
      const second = await signIn(desktop, terminal, 2);
      await second.typeCode();
      await second.finish();
      await (await app.page()).getByText("healthy").first().waitFor();
    },
    app,
  );

  const many = closing(await startDesktop({ panel: true, windowManager: true, light: true, width: 660, height: 760 }));
  const scene = await appScene({ onTestFinished }, many, { ping: "message" });
  await twelveLogins(scene);
  const seen = await story.step(
    "twelve",
    async () => {
      const page = await (await scene.start()).window();
      const row = page.getByRole("article").filter({ hasText: "sign in again" }).first();
      await row.waitFor();
      const box = await row.boundingBox();
      const [scrolled, height]: readonly [number, number] = await page.evaluate("[scrollY, innerHeight]");
      return { bottom: Math.round((box?.y ?? 0) + (box?.height ?? 0)), height, scrolled };
    },
    { desktop: many },
  );
  expect(seen.scrolled).toBe(0);
  expect(seen.bottom).toBeLessThanOrEqual(seen.height);

  const text = firstHour({
    steps: story.steps,
    graceS: GRACE_S,
    laterS: LATER_S,
    toldWithinMs: toldWithin,
    row: seen,
    cores: availableParallelism(),
    load: loadavg()[1] ?? 0,
  });
  await writeFile(join(root, "docs", "first-hour.md"), text);
});

/** @returns when the service on the bus was asked to show something, wall ms; null = not yet. */
function notifiedAt(recorded: string): number | null {
  const [, seconds] = /^method call time=([\d.]+) .*member=Notify$/m.exec(recorded) ?? [];
  return seconds === undefined ? null : Number(seconds) * 1_000;
}
