import { describe, expect, it, vi } from "vitest";
import { startLockSentence } from "../../app/shared/words/window.ts";
import { chromiumMissing } from "../support/window/browser.ts";
import type { OpenWindow } from "../support/window/page.ts";
import { openRows, windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, HINT, NOON, viewOf } from "../support/window/views.ts";

const HOUR = 3_600_000;
const press = ({ page }: OpenWindow, name: string) => page.getByRole("button", { name, exact: true }).click();

describe.skipIf(chromiumMissing())("a button of the window", () => {
  const suite = windowSuite();
  const asked = (window: OpenWindow, calls: OpenWindow["calls"]) =>
    vi.waitFor(() => expect(window.calls).toEqual(calls));

  it("asks main for exactly what it says, of exactly that login", async () => {
    const window = await suite.open({ view: viewOf(fourLogins()) });
    await press(window, "Refresh now: anthropic · work");
    await press(window, "Copy sign-in command: anthropic · old job");
    await press(window, "Refresh all now");
    await asked(window, [["refresh", "anthropic/a1"], ["copySignInHint", "anthropic"], ["refreshAll"]]);
    await window.page.getByText(`Copied: ${HINT}`).waitFor();
    await openRows(window.page, "anthropic · home");
    await press(window, "Refresh now: anthropic · home");
    await press(window, "Ping now: anthropic · home");
    await press(window, "Resume pings: anthropic · home");
    await vi.waitFor(() =>
      expect(window.calls.slice(3)).toEqual([
        ["refresh", "anthropic/b2"],
        ["ping", "anthropic/b2"],
        ["resumePings", "anthropic/b2"],
      ]),
    );
  });

  it("asks for how long pings are paused, and counts from the click", async () => {
    const window = await suite.open({ view: viewOf([accountIn("healthy")]) });
    for (const choice of ["for 1 hour", "until tomorrow 8:00", "until resumed"]) {
      await press(window, "Pause pings …: anthropic");
      expect(window.calls.length).toBe(["for 1 hour", "until tomorrow 8:00", "until resumed"].indexOf(choice));
      await press(window, `Pause pings ${choice}: anthropic`);
      await vi.waitFor(() => expect(window.calls.at(-1)?.[0]).toBe("pausePings"));
      await window.page.getByRole("group").waitFor({ state: "detached" });
    }
    const tomorrow = new Date(NOON);
    tomorrow.setDate(tomorrow.getDate() + 1);
    await asked(window, [
      ["pausePings", "anthropic", HOUR],
      ["pausePings", "anthropic", tomorrow.setHours(8, 0, 0, 0) - NOON],
      ["pausePings", "anthropic", null],
    ]);
  });

  it.each([
    ["signIn", "Try once more", "the attempt is recorded", ["refresh", "anthropic"]],
    ["shared", "Refresh it anyway", "Claude Code uses the same login", ["allow", "anthropic"]],
    ["oldCopy", "Use it anyway", "may refuse an older copy", ["allow", "anthropic"]],
    ["wipedElsewhere", "Put the safe copy back", "If Pilot Light kept a safe copy", ["allow", "anthropic"]],
  ] as const)("in state %s asks first: %s", async (state, name, meaning, call) => {
    const window = await suite.open({ view: viewOf([accountIn(state)]) });
    const question = window.page.getByRole("group", { name: meaning });
    await press(window, `${name} …: anthropic`);
    await question.waitFor();
    await press(window, "Cancel: anthropic");
    await question.waitFor({ state: "detached" });
    expect(window.calls).toEqual([]);

    await press(window, `${name} …: anthropic`);
    await press(window, `${name}: anthropic`);
    await asked(window, [call]);
    await question.waitFor({ state: "detached" });
  });

  it("is not there for pings while they are off, but for the end of a pause", async () => {
    const off = { pings: { mode: "off", dailyTokens: 0, lockedBy: null } } as const;
    const window = await suite.open({ view: viewOf(fourLogins(), off) });
    await press(window, "Settings");
    await window.page.getByRole("region", { name: "Settings" }).waitFor();
    await openRows(window.page);
    const names = await window.page.getByRole("button", { name: /pings?\b/i }).allInnerTexts();
    expect(names).toEqual(["Resume pings"]);
    await window.push(viewOf(fourLogins(), { ...off, allPaused: { until: null } }));
    await window.page.getByRole("button", { name: "Resume all pings" }).first().waitFor();
  });

  it("takes a permission back", async () => {
    const window = await suite.open({
      view: viewOf([accountIn("healthy", "anthropic", { sharedWith: "Claude Code" })]),
    });
    await press(window, "Stop refreshing it here: anthropic");
    await asked(window, [["disallow", "anthropic"]]);
  });

  it("takes a question back that the login's new state does not allow", async () => {
    const window = await suite.open({ view: viewOf([accountIn("signIn")]) });
    await press(window, "Try once more …: anthropic");
    await window.push(viewOf([accountIn("healthy")]));
    await window.page.getByRole("group").waitFor({ state: "detached" });
    expect(window.calls).toEqual([]);
  });

  it("does nothing while a command is at work on its login, and says so", async () => {
    const window = await suite.open({ view: viewOf(fourLogins()) });
    const { page } = window;
    const row = page.getByRole("article", { name: "anthropic · work" });
    await openRows(page, "anthropic · work", "anthropic · home");
    // A screen reader speaks only of changes in what it knew.
    expect(await row.getByRole("status").count()).toBe(1);
    await window.push(viewOf(fourLogins(), { busy: ["anthropic/a1"] }));
    await row.getByRole("status").getByText("Working on it …").waitFor();
    expect(await row.getAttribute("aria-busy")).toBe("true");
    for (const button of await row.locator(".button").all()) {
      expect(await button.isDisabled()).toBe(true);
      await button.click({ force: true });
    }
    await press(window, "Ping now: anthropic · home");
    await asked(window, [["ping", "anthropic/b2"]]);

    await window.push(
      viewOf(fourLogins(), { answers: { "anthropic/a1": { at: NOON - 1_000, sentence: "Refreshed." } } }),
    );
    await row.getByRole("status").getByText("Refreshed.").waitFor();
    expect(await row.getAttribute("aria-busy")).toBe("false");
  });

  it("is off in every row while a command works on all of them", async () => {
    const { page } = await suite.open({
      view: viewOf(fourLogins(), { busy: ["*", ...fourLogins().map(({ id }) => id)] }),
    });
    await openRows(page, "anthropic · work");
    expect(await page.getByRole("button", { name: /^(Refresh|Ping|Pause|Resume)/, disabled: false }).count()).toBe(0);
  });

  it("passes on why main refused", async () => {
    const sentence = "Pilot Light is still starting; try again in a moment.";
    const window = await suite.open({
      view: viewOf([accountIn("healthy")]),
      replies: { refresh: () => ({ ok: false, sentence }) },
    });
    await press(window, "Refresh now: anthropic");
    await window.page.getByRole("article").getByRole("status").getByText(sentence).waitFor();
  });

  it("of the settings switches, pauses and ends the whole app", async () => {
    const window = await suite.open({ view: viewOf(fourLogins()) });
    await press(window, "Settings");
    await window.page.getByRole("switch", { name: "Start at login" }).click();
    await press(window, "Until resumed: pause pings of all logins");
    await press(window, "Quit Pilot Light");
    await asked(window, [["setStartAtLogin", true], ["pausePings", null, null], ["quit"]]);

    await window.push(viewOf(fourLogins(), { startAtLogin: { on: true, locked: null }, allPaused: { until: null } }));
    await window.page.getByRole("switch", { name: "Start at login", checked: true }).click();
    await window.page.getByRole("button", { name: "Resume all pings" }).first().click();
    await vi.waitFor(() =>
      expect(window.calls.slice(3)).toEqual([
        ["setStartAtLogin", false],
        ["resumePings", null],
      ]),
    );
  });

  it("leaves start at login alone where it cannot be switched, and says why", async () => {
    const locked = { kind: "checkout" } as const;
    const window = await suite.open({ view: viewOf([accountIn("healthy")], { startAtLogin: { on: false, locked } }) });
    await press(window, "Settings");
    const region = window.page.getByRole("region", { name: "Settings" });
    await region.getByText(startLockSentence(locked)).waitFor();
    await region.getByRole("switch", { name: /^Start at login/ }).click({ force: true });
    await press(window, "Quit Pilot Light");
    await asked(window, [["quit"]]);
  });

  it("helps where there is no login yet", async () => {
    const window = await suite.open({ view: viewOf([], {}, { format: null }) });
    await press(window, "Copy sign-in command");
    await press(window, "Open the demo");
    await asked(window, [["copySignInHint", "*"], ["openDemo"]]);
  });
});
