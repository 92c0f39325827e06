import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { oauthEntry } from "../support/entries.ts";
import { filesBelow } from "../support/scene.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing();

describe.skipIf(missing)("a login that was signed out, in the app", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true });
  });
  afterAll(() => desktop?.close());

  it("is put back into the file, and its copy is erased for good", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    const [mine, other] = [await server.issue(), await server.issue()];
    const both = { anthropic: oauthEntry(mine), "anthropic-two": oauthEntry(other) };
    const { anthropic: _signedOut, ...rest } = both;
    await home.putEntries(both);
    const app = await start();
    const page = await app.window();
    await page.getByRole("article", { name: "anthropic-two" }).waitFor();
    await until("copies are kept", async () => (await filesBelow(home.journal)).size >= 2);

    await home.putEntries(rest);
    const gone = page.getByRole("list", { name: "Signed-out logins" });
    await gone.getByText(/^Signed out\. Its safe copy is kept until /).waitFor();
    await gone.getByRole("button", { name: "Put back …: anthropic" }).click();
    await page.getByRole("button", { name: "Put back: anthropic", exact: true }).click();
    await until("it is back in the file", async () => (await home.pair())?.refresh === mine.refresh);
    await gone.waitFor({ state: "detached" });
    const row = page.getByRole("article", { name: "anthropic", exact: true });
    // Said once nothing looks back at that write any more: else what follows would pass for a stale one.
    await row.getByRole("status").getByText("It is back in the file.").waitFor();
    // Its person put it back, and signed in nowhere.
    expect(await page.getByText("Signed in again").count()).toBe(0);

    await home.putEntries(rest);
    await gone.getByRole("button", { name: "Erase now …: anthropic" }).click();
    await page.getByRole("button", { name: "Erase now: anthropic", exact: true }).click();
    await gone.waitFor({ state: "detached" });
    await page.getByRole("banner").getByText("It can no longer be put back.").waitFor();
    for (const [, text] of await filesBelow(home.stateDir)) expect(text).not.toContain(mine.refresh);
    await app.stop();
  });
});
