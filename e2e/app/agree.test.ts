import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { oauthEntry } from "../support/entries.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing();

describe.skipIf(missing)("app and command line", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true });
  });
  afterAll(() => desktop?.close());

  it("agree: what one does shows in the other within a second", async (test) => {
    const { server, home, start } = await appScene(test, desktop, { ping: "profile" });
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const page = await (await start()).window();
    const row = page.getByRole("article");
    await row.waitFor();

    /** From the end of what was done to what is seen of it; the best of three, since a busy machine may take its time. */
    const took: Record<string, number[]> = {};
    const timed = async (name: string, act: () => Promise<unknown>, seen: () => Promise<unknown>) => {
      await act();
      const at = Date.now();
      await seen();
      (took[name] ??= []).push(Date.now() - at);
    };
    for (let turn = 0; turn < 3; turn += 1) {
      await timed(
        "a pause from the command line",
        () => home.run("pause", "anthropic"),
        () => row.getByRole("button", { name: /^Resume pings/ }).waitFor(),
      );
      await timed(
        "its end in the window",
        () => row.getByRole("button", { name: /^Resume pings/ }).click(),
        () => until("the file says so", async () => (await home.published())?.accounts[0]?.state === "healthy"),
      );
      const before = (await home.pair())?.refresh;
      await timed(
        "a refresh from the command line",
        () => home.run("refresh", "anthropic"),
        () =>
          row
            .getByText(/^\s*(just now|\d+ s ago)/)
            .first()
            .waitFor(),
      );
      expect((await home.pair())?.refresh).not.toBe(before);
      await timed(
        "a name from the command line",
        () => home.run("settings", "set", "names.anthropic", `turn ${turn}`),
        () => page.getByRole("heading", { name: `turn ${turn}` }).waitFor(),
      );
    }
    for (const [name, ms] of Object.entries(took)) expect([name, Math.min(...ms) < 1_000]).toEqual([name, true]);
  });
});
