/** The folders of the real app: shut to other users, and not used where they are not ours alone. */
import { mkdir, readdir, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { filesBelow, openBelow } from "../support/scene.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing();

describe.skipIf(missing)("the folders of the app", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true });
  });
  afterAll(() => desktop?.close());

  it("hold nothing that others may read, Chromium's files included", async (test) => {
    const { home, server, start } = await appScene(test, desktop);
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    const own = join(home.home, "own");
    for (const [flags, folders] of [
      [[], [home.stateDir, dirname(home.settingsFile)]],
      [["--state-dir", own], [own]],
    ] as const) {
      const app = await start(...flags);
      const page = await app.window();
      await page.getByRole("button", { name: /^Refresh now/ }).waitFor();
      for (const folder of folders) {
        expect((await readdir(folder)).length).toBeGreaterThan(2);
        expect(await openBelow(folder)).toEqual([]);
      }
      expect(await app.stop()).toBe(0);
      for (const folder of folders) expect(await openBelow(folder)).toEqual([]);
    }
  });

  it("are refused in the window while one is a link, and used once it is mended", async (test) => {
    const { home, server, start } = await appScene(test, desktop);
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    const elsewhere = join(home.home, "elsewhere");
    await mkdir(elsewhere);
    await mkdir(home.stateDir, { recursive: true, mode: 0o700 });
    await symlink(elsewhere, home.journal);
    const app = await start();
    const page = app.electron.windows()[0] ?? (await app.electron.waitForEvent("window"));
    await page.getByText(`${home.journal} is a link`).waitFor();
    expect(await server.requests()).toEqual([]);
    expect(await readdir(elsewhere)).toEqual([]);
    await rm(home.journal);
    await until("it goes on by itself", async () => (await server.redemptions(login.refresh)) === 1, 40_000);
    await page.getByText(`${home.journal} is a link`).waitFor({ state: "detached" });

    // The same while it runs.
    await until("the pass is over", async () => {
      const names = await readdir(dirname(home.authFile));
      return (await home.pair())?.refresh !== login.refresh && names.join() === "auth.json";
    });
    const led = join(elsewhere, "led");
    await rename(home.journal, led);
    await symlink(led, home.journal);
    const before = [...(await filesBelow(led)).keys()];
    const due = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(expired(due)) });
    await page.getByText(`${home.journal} is a link`).waitFor();
    expect([...(await filesBelow(led)).keys()]).toEqual(before);
    await rm(home.journal);
    await rename(led, home.journal);
    await until("it goes on again", async () => (await server.redemptions(due.refresh)) === 1, 40_000);
  });

  it("of an instance of its own are refused before anything is made in them", async (test) => {
    const { home, start } = await appScene(test, desktop);
    const own = join(home.home, "own");
    const elsewhere = join(home.home, "elsewhere");
    await mkdir(elsewhere);
    await mkdir(own, { mode: 0o700 });
    await symlink(elsewhere, join(own, "electron"));
    const said = await start("--state-dir", own).then(
      (app) => app.ended.then((code) => `${code} ${app.printed()}`),
      (error: unknown) => String(error),
    );
    expect(said).toContain("is a link");
    expect(await readdir(elsewhere)).toEqual([]);
    expect(await readdir(own)).toEqual(["electron"]);
  });
});
