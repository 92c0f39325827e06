import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { oauthEntry } from "../support/entries.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing();

describe.skipIf(missing)("the command that opens the window", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true });
  });
  afterAll(() => desktop?.close());

  it("shows it wherever it is hidden, and says when no app runs", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    expect(await home.run("open")).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^The app does not run here/),
    });

    const app = await start("--hidden");
    const socket = join(home.stateDir, "app.sock");
    await until("it answers", () => existsSync(socket));
    expect(app.electron.windows()).toHaveLength(0);
    expect(await home.run("open")).toMatchObject({ code: 0, stdout: "The window is open.\n", stderr: "" });
    const page = await app.window();
    await page.getByRole("article").waitFor();
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    expect(JSON.parse((await home.run("open", "--json")).stdout)).toEqual({ version: 1, opened: true });
    await until("it is up again", () =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized() === false),
    );

    await app.stop();
    expect((await home.run("open")).code).toBe(3);
    expect(existsSync(socket)).toBe(false);
  });
});
