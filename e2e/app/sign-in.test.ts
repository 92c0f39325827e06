import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { startNotifications } from "../support/desktop/notifications.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import type { IssuedPair } from "../support/server/token-authority.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing();

/** Programs that come first on the PATH: a terminal that notes how it was called, and an "opencode" that signs in. */
async function install(folder: string) {
  const [bin, record, entries] = [join(folder, "bin"), join(folder, "record"), join(folder, "signed-in.json")];
  await mkdir(bin);
  const programs = {
    "x-terminal-emulator": `echo "terminal $*" >>"${record}"; shift; exec "$@" >>"${record}" 2>&1 </dev/null`,
    opencode: `echo "opencode $*" >>"${record}"; cat "${entries}" >"$XDG_DATA_HOME/opencode/auth.json"`,
  };
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return {
    bin,
    /** What the next sign-in gives. */
    gives: (pair: IssuedPair) => writeFile(entries, JSON.stringify({ anthropic: oauthEntry(pair) }, null, 2)),
    recorded: async () => (await readFile(record, "utf8").catch(() => "")).split("\n"),
  };
}

describe.skipIf(missing)("a sign-in, from the notification on", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true });
  });
  afterAll(() => desktop?.close());

  it("takes two clicks and the sign-in itself, and the row says that it is back", async (test) => {
    const service = await startNotifications(desktop.env);
    test.onTestFinished(() => service.close());
    const { bin, gives, recorded } = await install(desktop.home);
    const env = { PATH: `${bin}:${desktop.env["PATH"] ?? ""}` };
    const { server, home, start } = await appScene(test, desktop, { env });
    const [ended, fresh] = [await server.issue(), await server.issue()];
    await server.revoke(ended.refresh);
    await home.putEntries({ anthropic: oauthEntry(expired(ended)) });
    await gives(fresh);
    const app = await start("--hidden", "--notify-grace", "0");

    const seen = await service.shown("anthropic needs a sign-in");
    service.click(seen);
    const page = await app.window();
    await page.locator(":focus", { hasText: "anthropic" }).waitFor();
    await page.getByRole("button", { name: "Sign in …: anthropic" }).click();

    await page.getByText(/^Signed in again, /).waitFor();
    await until("it is well", async () => (await home.published())?.accounts[0]?.state === "healthy");
    const lines = await recorded();
    expect(lines[0]).toMatch(/^terminal -e \/bin\/sh \S+\/sign-in\.command$/);
    expect(lines).toContain("opencode auth login");
    await until("the terminal stays open", async () => (await recorded()).includes("You can close this window."));
    expect((await home.pair())?.refresh).toBe(fresh.refresh);
    for (const token of [fresh.access, fresh.refresh, ended.refresh]) expect(lines.join("\n")).not.toContain(token);
    await app.stop();

    // Also after a restart.
    const again = await start();
    await (await again.window()).getByText(/^Signed in again, /).waitFor();
    await again.stop();
  });
});
