/** The real app in a real Electron on a desktop of its own, driven by Playwright as a person would. */
import { fileURLToPath } from "node:url";
import { _electron, type ElectronApplication, type Page } from "playwright";
import { cachedElectron } from "../../scripts/electron/electron.mjs";
import type { CliHome } from "./cli.ts";
import type { Desktop } from "./desktop/desktop.ts";
import { desktopMissing } from "./desktop/needs.ts";
import { inCi } from "./needs.ts";
import { collect } from "./output.ts";
import { type Cleanup, type SceneOptions, scene } from "./scene.ts";
import type { TokenServer } from "./server/token-server.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** One run of the app. */
export interface App {
  readonly electron: ElectronApplication;
  /** Of the main process. */
  readonly pid: number;
  /** The status window, as soon as it shows the keeper's first snapshot. */
  window(): Promise<Page>;
  /** What it has printed so far, both streams. */
  printed(): string;
  /** Resolves with its exit code when it has ended; null = a signal ended it. */
  readonly ended: Promise<number | null>;
  running(): boolean;
  /** SIGTERM, and its end. */
  stop(): Promise<number | null>;
  /** SIGKILL, and its end; nothing once it has ended. */
  kill(): Promise<void>;
}

/** A user's home on a desktop, a provider, and the app in it. Everything ends with the test. */
export interface AppScene {
  readonly server: TokenServer;
  readonly home: CliHome;
  /** Starts the app; several may run, as a user might start it twice. */
  start(...flags: readonly string[]): Promise<App>;
}

/** @throws when there is no Electron: `npm test` finds or fetches one beforehand. */
export async function appScene(
  test: Cleanup,
  desktop: Pick<Desktop, "env">,
  options: SceneOptions = {},
): Promise<AppScene> {
  const { server, home } = await scene(test, options);
  return {
    server,
    home,
    async start(...flags) {
      const app = await startApp({ ...desktop.env, ...home.env }, flags);
      test.onTestFinished(() => app.kill());
      return app;
    },
  };
}

/** Starts it with this environment. @throws when there is no Electron. */
export async function startApp(env: Readonly<Record<string, string>>, flags: readonly string[]): Promise<App> {
  const found = await cachedElectron();
  if (found.path === null) throw new Error(`there is no Electron: ${found.why}`);
  const electron = await _electron.launch({
    executablePath: found.path,
    args: [root, ...flags],
    env: { ...env, ...(process.getuid?.() === 0 ? { ELECTRON_DISABLE_SANDBOX: "1" } : {}) },
    cwd: env["HOME"] ?? root,
    timeout: 30_000,
  });
  return driven(electron);
}

/** @returns the app that Playwright started, packaged or not. */
export function driven(electron: ElectronApplication): App {
  const child = electron.process();
  const { printed } = collect(child);
  const running = () => child.exitCode === null && child.signalCode === null;
  const ended = new Promise<number | null>((resolve) => {
    if (running()) child.once("exit", (code) => resolve(code));
    else resolve(child.exitCode);
  });
  return {
    electron,
    pid: child.pid ?? 0,
    async window() {
      const page = electron.windows()[0] ?? (await electron.waitForEvent("window"));
      await page
        .locator("header .summary")
        .filter({ hasNotText: /^Starting/ })
        .waitFor({ timeout: 20_000 });
      return page;
    },
    printed,
    ended,
    running,
    async stop() {
      if (running()) child.kill("SIGTERM");
      return ended;
    },
    async kill() {
      if (running()) child.kill("SIGKILL");
      await ended;
    },
  };
}

/**
 * For `describe.skipIf(await appMissing())`. In CI it is always false, so that the tests run and fail with the reason; elsewhere
 * what is missing is said aloud.
 * @param more programs that this test needs besides, by name; the value is the Debian package.
 */
export async function appMissing(more: Readonly<Record<string, string>> = {}): Promise<boolean> {
  if (await desktopMissing(more)) return true;
  if (inCi()) return false;
  const found = await cachedElectron();
  if (found.path !== null) return false;
  console.warn(
    `SKIPPED: the tests of the app, since there is no Electron: ${found.why} (node scripts/electron/fetch.mjs)`,
  );
  return true;
}
