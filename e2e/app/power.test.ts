import { describe, expect, it } from "vitest";
import { appMissing, appScene } from "../support/app.ts";
import { startDesktop } from "../support/desktop/desktop.ts";
import { oauthEntry } from "../support/entries.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing();

describe.skipIf(missing)("suspend and resume, told by logind", () => {
  it("refresh a login that came due asleep exactly once, soon after waking up", async (test) => {
    const desktop = await startDesktop({ panel: true, logind: true });
    test.onTestFinished(() => desktop.close());
    const { server, home, start } = await appScene(test, desktop);
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const app = await start("--hidden");
    await until("the keeper runs", async () => (await home.published())?.accounts[0]?.state === "healthy");
    await desktop.logind.listenedTo();
    // Its lifetime is not known yet, so it is due 10 minutes before it expires: some seconds from now, not from before the
    // app was up, however long that takes on a busy machine.
    const due = Date.now() + 8_000;
    const expires = due + 600_000;
    await home.putEntries({ anthropic: oauthEntry({ ...login, expires }) });
    await until("the keeper knows it", async () => (await home.published())?.accounts[0]?.accessExpiresAt === expires);

    await desktop.logind.suspend();
    // Asleep: the process stands still, and the machine's clock goes on.
    process.kill(app.pid, "SIGSTOP");
    await until("it came due", () => Date.now() > due + 2_000);
    expect(await server.requests("token")).toHaveLength(0);
    process.kill(app.pid, "SIGCONT");
    const wokeUp = Date.now();
    await desktop.logind.resume();
    await until("it was refreshed", async () => (await home.pair())?.refresh !== login.refresh, 60_000);
    expect(Date.now() - wokeUp).toBeLessThan(60_000);
    expect(await server.redemptions(login.refresh)).toBe(1);
    expect(await server.requests("token")).toHaveLength(1);
  });

  it("wake the keeper by the system's word alone, when no clock shows that it slept", async (test) => {
    const desktop = await startDesktop({ panel: true, logind: true });
    test.onTestFinished(() => desktop.close());
    const { home, start } = await appScene(test, desktop);
    const app = await start("--hidden", "--log-level", "info");
    await until("the keeper runs", async () => (await home.published())?.keeper.running);
    await desktop.logind.listenedTo();
    expect(app.printed()).not.toContain("woke up");
    await desktop.logind.suspend();
    await desktop.logind.resume();
    await until("the log tells of it", () => app.printed().includes("woke up"));
  });
});
