import { readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type App, appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { oauthEntry } from "../support/entries.ts";
import { textOf } from "../support/files.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing();

const windowsOf = (app: App) =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isFocused()));

describe.skipIf(missing)("a start of the app", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true });
  });
  afterAll(() => desktop?.close());

  it("is opened by a second start, which then ends", async (test) => {
    const { home, start } = await appScene(test, desktop);
    const app = await start("--hidden");
    await until("it runs", async () => (await home.published())?.keeper.running);
    expect(await windowsOf(app)).toEqual([]);
    const second = await startAgain(() => start());
    expect(second).toBe(0);
    const page = await app.window();
    await until("the window is in front", async () => (await windowsOf(app))[0]);
    expect(await startAgain(() => start("--auth-file", join(home.home, "other.json")))).toBe(0);
    await page.getByText(/start it with another --state-dir/).waitFor();
    expect(await windowsOf(app)).toHaveLength(1);
  });

  it("stays in the tray when a hidden start comes second, as at login", async (test) => {
    const { home, start } = await appScene(test, desktop);
    const app = await start("--hidden");
    await until("it runs", async () => (await home.published())?.keeper.running);
    expect(await startAgain(() => start("--hidden"))).toBe(0);
    expect(await windowsOf(app)).toEqual([]);
  });

  it.each([
    [["--ping", "often"], 2],
    [["--token-url", "http://example.com/x"], 2],
    [["--demo", "--auth-file", "/x"], 2],
    [["--hiden"], 2],
  ])("ends at once with %j, which cannot be meant: exit %d", async (flags, code) => {
    const { start } = await appScene({ onTestFinished: (done) => onTestFinished(done) }, desktop);
    expect(await startAgain(() => start(...flags))).toBe(code);
  });

  it("says which folder cannot be used, and does not claim to run already", async (test) => {
    const { home, start } = await appScene(test, desktop);
    const file = join(home.home, "file");
    await writeFile(file, "");
    expect(await startAgain(() => start("--state-dir", join(file, "below")))).toBe(3);
  });

  it("ends with a sentence, not with a dialog, when a demo has no room", async (test) => {
    const { home, start } = await appScene(test, desktop, { env: { TMPDIR: "/proc/version" } });
    expect(await startAgain(() => start("--demo"))).toBe(3);
    expect(await home.published()).toBe(null);
  });

  it("watches a file and keeps its state where flags say, apart from the everyday one", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    const folder = join(home.home, "own");
    const authFile = join(home.home, "other", "auth.json");
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const everyday = await start("--hidden");
    const own = await start("--state-dir", folder, "--auth-file", authFile);
    const page = await own.window();
    await page.getByText(authFile).first().waitFor();
    expect(everyday.running()).toBe(true);
    expect(JSON.parse((await textOf(join(folder, "status.json"))) ?? "{}")).toMatchObject({ file: { path: authFile } });
    expect(dirname(authFile)).not.toBe(dirname(home.authFile));
    expect((await readdir(join(folder, "electron"))).length).toBeGreaterThan(0);
  });
});

/** A start that finds the app running ends before Playwright has it in hand. @returns its exit code. */
async function startAgain(start: () => Promise<App>): Promise<number | null> {
  try {
    return await (await start()).ended;
  } catch (error) {
    // Playwright tells of the process's end in its own words.
    const [, code] = /exitCode=(\d+)/.exec(String(error)) ?? [];
    if (code === undefined) throw error;
    return Number(code);
  }
}
