import { describe, expect, it, vi } from "vitest";
import { chromiumMissing } from "../support/window/browser.ts";
import { seen } from "../support/window/page.ts";
import { windowSuite } from "../support/window/suite.ts";
import { accountIn, NOON, NOTICE, PROVIDER, viewOf } from "../support/window/views.ts";

describe.skipIf(chromiumMissing())("the notice of the first run", () => {
  const suite = windowSuite();
  const view = viewOf([accountIn("healthy")], { notice: NOTICE });

  it("says in three lines what is sent where, and what the terms say", async () => {
    const { page } = await suite.open({ view });
    const notice = page.getByRole("region", { name: "What Pilot Light sends" });
    const text = await notice.innerText();
    expect(await notice.getByRole("listitem").count()).toBe(3);
    expect(text).toContain(`refresh token to ${PROVIDER.tokenUrl}`);
    expect(text).toContain(`of each healthy login to ${PROVIDER.apiUrl}`);
    expect(text).toContain(`${PROVIDER.termsNote} Please read the terms`);
  });

  it("names each provider's addresses and terms, and says nothing of terms where none are known", async () => {
    const second = {
      ...PROVIDER,
      id: "second",
      tokenUrl: "https://second.example/token",
      apiUrl: "https://api.second.example",
    };
    const window = await suite.open({
      view: { ...view, providers: [PROVIDER, { ...second, termsNote: "Second asks for care." }] },
    });
    const notice = window.page.getByRole("region", { name: "What Pilot Light sends" });
    const text = await notice.innerText();
    expect(text).toContain(`refresh token to ${PROVIDER.tokenUrl} or ${second.tokenUrl}, before`);
    expect(text).toContain(`to ${PROVIDER.apiUrl} or ${second.apiUrl}.`);
    expect(text).toContain(`${PROVIDER.termsNote} Second asks for care. Please read the terms`);
    await window.push({ ...view, providers: [{ ...second, termsNote: null }] });
    await notice.getByText("Please read the terms").waitFor({ state: "detached" });
  });

  it.each([
    [/^Message \(the default\).*500 to 1,000 tokens a day/, "message"],
    [/^Profile.*no tokens/, "profile"],
    [/^Off.*no tokens/, "off"],
  ] as const)("stays until one kind of pings is chosen: %s", async (name, value) => {
    const window = await suite.open({ view });
    const notice = window.page.getByRole("region", { name: "What Pilot Light sends" });
    await vi.waitFor(() => expect(window.calls).toEqual([["noticeShown"]]));
    await window.push({ ...view, notice: { shownAt: NOON }, tokensToday: { anthropic: 15 } });
    await notice.getByRole("button", { name }).click();
    await vi.waitFor(() =>
      expect(window.calls).toEqual([["noticeShown"], ["changeSettings", { key: "ping.mode", value }]]),
    );
    await window.push({ ...view, notice: null });
    await notice.waitFor({ state: "detached" });
  });

  it("counts down to the first message ping", async () => {
    const window = await suite.open({ view, clock: "ours" });
    const { page } = window;
    await page.getByText("one minute after you have seen this").waitFor();
    await page.clock.pauseAt(NOON + 10_000);
    await window.push({ ...view, notice: { shownAt: NOON + 10_000 } });
    await page.getByText("The first message ping leaves in 60 s, unless you choose otherwise.").waitFor();
    await page.clock.runFor(59_000);
    await page.getByText("leaves in 1 s").waitFor();
    await page.clock.runFor(1_000);
    await page.getByText("Until you choose, message pings are sent.").waitFor();
  });

  it("counts from the moment that it was shown, which lies between two seconds", async () => {
    const window = await suite.open({ view, clock: "ours" });
    const { page } = window;
    await page.getByText("one minute after you have seen this").waitFor();
    await page.clock.pauseAt(NOON + 10_000);
    await page.clock.runFor(500);
    await window.push({ ...view, notice: { shownAt: NOON + 10_500 } });
    await page.getByText("The first message ping leaves in 60 s, unless you choose otherwise.").waitFor();
  });

  it("asks for the room that it needs, also after a click on what was there before", async () => {
    const window = await suite.open({ view: viewOf([], { notice: NOTICE, terminal: "xterm" }, { format: null }) });
    await window.page.getByRole("button", { name: /^Sign in …/ }).click();
    await vi.waitFor(() => expect(window.calls).toEqual([["signIn", "*"]]));
    const before = window.heights.at(-1) ?? 0;
    await window.push(view);
    await vi.waitFor(() => expect(window.heights.at(-1)).toBeGreaterThan(before + 100));
  });

  it("does not count while the window is hidden", async () => {
    const window = await suite.open({ view, script: seen("hidden") });
    await window.page.getByRole("button", { name: "Refresh all now" }).click();
    await vi.waitFor(() => expect(window.calls).toEqual([["refreshAll"]]));
    await window.page.evaluate(seen("visible"));
    await vi.waitFor(() => expect(window.calls).toEqual([["refreshAll"], ["noticeShown"]]));
  });

  it("does not count while it is out of view", async () => {
    const window = await suite.open({
      view: { ...view, tray: "missing", problem: "The disk is full.", allPaused: { until: null } },
      context: { viewport: { width: 360, height: 200 } },
    });
    await window.page.getByRole("button", { name: "Refresh all now" }).click();
    await vi.waitFor(() => expect(window.calls).toEqual([["refreshAll"]]));
    await window.page.getByRole("heading", { name: "What Pilot Light sends" }).scrollIntoViewIfNeeded();
    await vi.waitFor(() => expect(window.calls).toEqual([["refreshAll"], ["noticeShown"]]));
  });

  it("is not there before the first login, which the page says how to get", async () => {
    const { page } = await suite.open({ view: viewOf([], { notice: NOTICE }, { format: null }) });
    const empty = page.getByRole("region", { name: "No logins yet" });
    const text = await empty.innerText();
    expect(text).toContain("/home/ann/.local/share/opencode/auth.json");
    expect(text).toContain("opencode auth login");
    expect(text).toContain(PROVIDER.signInNote);
    expect(text).toContain("The demo shows made-up logins");
    expect(await page.getByRole("region", { name: "What Pilot Light sends" }).count()).toBe(0);
  });
});
