import type { Page } from "playwright";
import { describe, expect, it, vi } from "vitest";
import type { Reply } from "../../app/shared/view/contract.ts";
import type { View } from "../../app/shared/view/view.ts";
import { chromiumMissing } from "../support/window/browser.ts";
import { seen } from "../support/window/page.ts";
import { windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, NOON, viewOf } from "../support/window/views.ts";

const MINUTE = 60_000;

describe.skipIf(chromiumMissing())("the window, as things change", () => {
  const suite = windowSuite();
  const access = (page: Page) => page.getByRole("article").locator("dd").first().innerText();

  it("counts down each second, with one timer, and not while nobody sees it", async () => {
    const { page } = await suite.open({
      view: viewOf([accountIn("healthy", "anthropic", { nextRefreshAt: NOON + MINUTE })]),
      clock: "ours",
    });
    await page.getByRole("article").waitFor();
    await page.clock.pauseAt(NOON + 10_400);
    await vi.waitFor(async () => expect(await access(page)).toContain("refreshes in 49 s"));
    // From here on the page's time moves only by these steps; the tick comes on the full second.
    await page.clock.runFor(1_500);
    expect(await access(page)).toContain("refreshes in 49 s");
    await page.clock.runFor(100);
    expect(await access(page)).toContain("refreshes in 48 s");

    await page.evaluate(seen("hidden"));
    await page.clock.runFor(20_000);
    expect(await access(page)).toContain("refreshes in 48 s");
    await page.evaluate(seen("visible"));
    expect(await access(page)).toContain("refreshes in 28 s");

    await page.clock.runFor(28_000);
    expect(await access(page)).toContain("refreshes now");
  });

  it("shows each new view", async () => {
    const window = await suite.open({ view: viewOf(fourLogins()) });
    await window.page.getByRole("banner").getByText("1 of 4 logins needs you").waitFor();
    await window.push(viewOf([accountIn("healthy")]));
    await window.page.getByRole("banner").getByText("1 login, well").waitFor();
  });

  it("fills itself when the file appears", async () => {
    const window = await suite.open({ view: viewOf([], {}, { format: null }) });
    const empty = window.page.getByRole("region", { name: "No logins yet" });
    await empty.getByText("/home/ann/.local/share/opencode/auth.json").waitFor();
    await empty.getByText("opencode auth login").waitFor();
    await window.push(viewOf([]));
    await window.page.getByRole("region", { name: "The file holds no logins yet" }).waitFor();
    await window.push(viewOf([accountIn("healthy")]));
    await window.page.getByRole("article", { name: "anthropic" }).waitFor();
    expect(await empty.count()).toBe(0);
  });

  it("offers no demo inside the demo, and says that it is one", async () => {
    const { page } = await suite.open({ view: viewOf([], { demo: true }, { format: null }) });
    await page.getByRole("heading", { name: "Pilot Light demo" }).waitFor();
    expect(await page.getByRole("button", { name: "Open the demo" }).count()).toBe(0);
  });

  it("believes an event that came before the first answer", async () => {
    let answer: (reply: Reply<View>) => void = () => undefined;
    const first = new Promise<Reply<View>>((resolve) => {
      answer = resolve;
    });
    const window = await suite.open({ view: viewOf([]), replies: { getView: () => first } });
    await window.page.getByText("Starting …").waitFor();
    await window.push(viewOf([accountIn("healthy")]));
    await window.page.getByRole("article", { name: "anthropic" }).waitFor();
    answer({ ok: true, value: viewOf([]) });
    await window.push(viewOf([accountIn("signIn")]));
    await window.page.getByRole("banner").getByText("1 login needs you").waitFor();
  });

  it("says so when main does not answer", async () => {
    const { page } = await suite.open({
      view: viewOf([]),
      replies: { getView: () => Promise.reject(new Error("gone")) },
    });
    await page.getByRole("alert").getByText("Pilot Light did not answer").waitFor();
  });

  it("says what stands in the way of the whole", async () => {
    const window = await suite.open({
      view: viewOf([], { snapshot: null, problem: "The settings file is not JSON." }),
    });
    await window.page.getByRole("alert").getByText("The settings file is not JSON.").waitFor();
    await window.push(viewOf([], {}, { problem: "it is empty", format: null }));
    const alert = window.page.getByRole("alert").filter({ hasText: "auth.json: it is empty." });
    await alert.getByText("Until this is fixed, nothing is written or refreshed.").waitFor();
    expect(await window.page.getByRole("button", { name: "Refresh all now" }).count()).toBe(0);
    await window.push(viewOf([], { snapshot: null, role: { name: "starting" } }));
    await window.page.getByText("Looking at the logins …").waitFor();
  });

  it("shows what is wrong with the settings until they are repaired", async () => {
    const sentence = 'The settings file /s cannot be used: "schedule" is "never". Fix it, or move it away.';
    const settingsProblem = { sentence, maySetAside: true };
    const window = await suite.open({ view: viewOf([accountIn("healthy")], { settingsProblem }) });
    const alert = window.page.getByRole("alert").filter({ hasText: sentence });
    await alert.getByText("Until then the last good settings are used.").waitFor();
    await window.push(viewOf([accountIn("healthy")]));
    await alert.waitFor({ state: "detached" });
  });

  it("says no sentence twice in a row, and keeps no answer of its own when the login moves on", async () => {
    const ended = accountIn("signIn");
    const reason = ended.reason ?? "";
    const tells = { state: ended.state, reasonKind: ended.reasonKind ?? null };
    const answer = { at: NOON - MINUTE, sentence: `Nothing was sent. ${reason}`, tells };
    const window = await suite.open({
      view: viewOf([ended], { answers: { anthropic: answer } }),
    });
    const card = window.page.getByRole("article");
    await card.getByText("1 min ago").waitFor();
    expect((await card.innerText()).split(reason)).toHaveLength(2);
    await window.push(viewOf([ended]));
    await card.getByText(reason).waitFor();

    await window.page.getByRole("button", { name: "Copy sign-in command" }).click();
    const copied = window.page.getByText("Copied: ");
    await copied.waitFor();
    await window.push(viewOf([accountIn("healthy")]));
    await copied.waitFor({ state: "detached" });
  });

  it("takes a refusal back when the next command is done", async () => {
    let refused = true;
    const window = await suite.open({
      view: viewOf([accountIn("healthy")]),
      replies: {
        ping: () => (refused ? { ok: false, sentence: "Not now." } : { ok: true, value: undefined }),
      },
    });
    const ping = window.page.getByRole("button", { name: "Ping now" });
    await ping.click();
    await window.page.getByText("Not now.").waitFor();
    refused = false;
    await ping.click();
    await window.page.getByText("Not now.").waitFor({ state: "detached" });
  });

  it("says who keeps the logins alive, that there is no tray, and until when pings are paused", async () => {
    const { page } = await suite.open({
      view: viewOf([accountIn("healthy")], {
        role: { name: "viewer", keeperPid: 4_711 },
        tray: "missing",
        allPaused: { until: NOON + 2 * 60 * MINUTE },
      }),
    });
    await page.getByRole("article").waitFor();
    const text = await page.getByRole("main").innerText();
    expect(text).toContain(
      "Another Pilot Light (pid 4711) keeps these logins alive. This window shows what it does; commands work here as well.",
    );
    expect(text).toContain(
      "This desktop shows no tray icons, so closing this window minimises it. Use Quit to stop Pilot Light.",
    );
    expect(text).toContain("Pings of all logins are paused until 14:00. Refreshing continues.");
    expect(await page.getByRole("button", { name: "Quit Pilot Light" }).count()).toBe(1);
  });
});
