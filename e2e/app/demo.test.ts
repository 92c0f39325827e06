import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { appMissing, appScene } from "../support/app.ts";
import { startDesktop } from "../support/desktop/desktop.ts";
import { oauthEntry } from "../support/entries.ts";
import { textOf } from "../support/files.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing();

it.skipIf(missing)(
  "the demo is an app of its own beside the everyday one, on made-up logins, and leaves nothing behind",
  async (test) => {
    const desktop = await startDesktop({ panel: false, windowManager: true });
    test.onTestFinished(() => desktop.close());
    const { server, home, start } = await appScene(test, desktop);
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    const mine = await textOf(home.authFile);
    const everyday = await start("--hidden");
    await until("the everyday one runs", async () => (await home.published())?.keeper.running);
    const temp = home.env["TMPDIR"] ?? "";
    const demos = async () => (await readdir(temp)).filter((name) => name.startsWith("pilot-light-demo"));

    const demo = await start("--demo");
    const page = await demo.window();
    await page.getByText("demo", { exact: true }).first().waitFor();
    for (const name of ["work", "home", "laptop", "team"]) {
      await page.getByRole("heading", { name: new RegExp(name) }).waitFor();
    }
    const [folder] = await demos();
    expect(folder).toBeDefined();
    expect((await readdir(join(temp, folder ?? ""))).includes("electron")).toBe(true);
    const file = () => textOf(join(temp, folder ?? "", "auth.json"));
    const work = async () => /"id": "work"[^}]*?"refresh": "([^"]+)"/.exec((await file()) ?? "")?.[1] ?? null;
    // It is due at once, and so refreshed by itself first; perhaps before we could look.
    await until("it was refreshed by itself", async () =>
      ((await textOf(join(temp, folder ?? "", "state", "status.json"))) ?? "").includes('"outcome": "refreshed"'),
    );
    const second = await work();
    await page.getByRole("button", { name: /^Refresh now.*work/ }).click();
    await until("it was refreshed by hand", async () => (await work()) !== second);

    expect(everyday.running()).toBe(true);
    expect(await demo.stop()).toBe(0);
    expect(await demos()).toEqual([]);
    expect(await textOf(home.authFile)).toBe(mine);
    expect(await server.requests()).toHaveLength(0);
  },
);
