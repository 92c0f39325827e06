import { describe, expect, it } from "vitest";
import { ALL } from "../../shared/data/all.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import { LOGIN_STATE_NAMES } from "../../shared/login/states.ts";
import { loginOf, NOON } from "../../shared/testing/snapshots.ts";
import { viewOf } from "../../shared/testing/views.ts";
import { pauseMs } from "../../shared/view/pauses.ts";
import type { View } from "../../shared/view/view.ts";
import { notingHandlers } from "../testing/handlers.ts";
import { menuLines as lines } from "../testing/menu-lines.ts";
import { type MenuAction, type MenuEntry, runMenuAction, trayModel } from "./menu.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const model = (logins: readonly Login[], change: Partial<View> = {}) => trayModel(viewOf(logins, change), NOON);

describe("the tray's menu", () => {
  it("has a line for each login with its clocks and its commands", () => {
    const logins = [
      loginOf("anthropic", {
        label: "work",
        lastPing: { at: NOON - 170 * MINUTE, outcome: "ok", mode: "message" },
        loginEndsAt: NOON + 20 * 24 * HOUR,
      }),
      loginOf("other", {
        provider: "anthropic",
        label: "home",
        state: "signIn",
        accessExpiresAt: NOON - HOUR,
        nextRefreshAt: null,
      }),
    ];
    expect(lines(model(logins).entries)).toEqual([
      "Pilot Light: 1 of 2 logins needs you",
      "---",
      "anthropic · home   sign in again >",
      "  Expired 11:00",
      "  ---",
      "  Sign in …",
      "  What happened",
      "anthropic · work   until 20:00 >",
      "  Expires 20:00, refreshes 18:00",
      "  Last ping 09:10, ok",
      "  Login ends 13 Dec",
      "  ---",
      "  Refresh now",
      "  Ping now",
      "  Pause pings >",
      "    for 1 hour",
      "    until tomorrow 8:00",
      "    until resumed",
      "---",
      "Refresh all now",
      "Pause pings >",
      "  for 1 hour",
      "  until tomorrow 8:00",
      "  until resumed",
      "Open status window",
      "[ ] Start at login",
      "---",
      "Quit",
    ]);
  });

  it("has the lines and commands of the only login at its top, with nothing for all of them", () => {
    const only = loginOf("anthropic", {
      label: "work",
      lastPing: { at: NOON - 170 * MINUTE, outcome: "ok", mode: "message" },
    });
    expect(lines(model([only]).entries)).toEqual([
      "Pilot Light: 1 login, well",
      "---",
      "anthropic · work   until 20:00",
      "Expires 20:00, refreshes 18:00",
      "Last ping 09:10, ok",
      "---",
      "Refresh now",
      "Ping now",
      "Pause pings >",
      "  for 1 hour",
      "  until tomorrow 8:00",
      "  until resumed",
      "---",
      "Open status window",
      "[ ] Start at login",
      "---",
      "Quit",
    ]);
  });

  it("counts no login that is left alone, and names it below the only one of ours", () => {
    const logins = [loginOf("copilot", { state: "unmanaged" }), loginOf("a", { state: "signIn" })];
    expect(lines(model(logins).entries).slice(0, 9)).toEqual([
      "Pilot Light: 1 login needs you",
      "---",
      "a   sign in again, access until 20:00",
      "Expires 20:00, refreshes 18:00",
      "---",
      "Sign in …",
      "What happened",
      "---",
      "copilot   unmanaged",
    ]);
  });

  it("offers no pings while they are off, but the end of a pause", () => {
    const off = { pings: { mode: "off", dailyTokens: 0, lockedBy: null } } as const;
    const offered = (logins: readonly Login[], change: Partial<View> = {}) =>
      lines(model(logins, { ...off, ...change }).entries).filter((line) => /(Pause|Resume) pings|Ping now/.test(line));
    expect(offered([loginOf("a")])).toEqual([]);
    expect(offered([loginOf("a"), loginOf("b")])).toEqual([]);
    expect(offered([loginOf("a"), loginOf("b", { state: "paused" })])).toEqual(["  Resume pings"]);
    expect(offered([loginOf("a"), loginOf("b")], { allPaused: { until: null } })).toEqual(["Resume pings"]);
  });

  it("leads to the very login that a line speaks of", () => {
    const all = [...Array(11).keys()].map((at) => loginOf(`l${at}`, { state: at === 10 ? "signIn" : "healthy" }));
    const opened = (entries: readonly MenuEntry[]): readonly MenuAction[] =>
      entries.flatMap((entry) =>
        entry.kind === "submenu" ? opened(entry.entries) : entry.kind === "action" ? [entry.action] : [],
      );
    const [worst] = model(all).entries.filter(({ kind }) => kind === "submenu");
    expect(opened(worst === undefined ? [] : [worst])).toContainEqual({ name: "open", id: "l10" });
    const ofOnly = opened(model([loginOf("a", { state: "signIn" })]).entries);
    expect(ofOnly).toContainEqual({ name: "open", id: "a" });
    expect(ofOnly).toContainEqual({ name: "signIn", id: "a" });
  });

  it("stands before there is anything to show", () => {
    expect(lines(trayModel(viewOf([], { snapshot: null, role: { name: "starting" } }), NOON).entries)).toEqual([
      "Pilot Light: starting",
      "---",
      "Open status window",
      "[ ] Start at login",
      "---",
      "Quit",
    ]);
  });

  it("offers to resume what is paused, of one login or of all", () => {
    const paused = loginOf("anthropic", { state: "paused" });
    const other = loginOf("b", { state: "unreadable" });
    const shown = lines(model([paused, other], { allPaused: { until: null } }).entries);
    expect(shown.filter((line) => line.includes("Resume pings"))).toEqual(["  Resume pings", "Resume pings"]);
    expect(shown).toContain("anthropic   until 20:00, pings paused >");
  });

  it("says that it is a viewer's, or a demo's", () => {
    const shown = lines(model([], { role: { name: "viewer", keeperPid: 7 }, demo: true }).entries);
    expect(shown.slice(0, 2)).toEqual([
      "Pilot Light (demo): no logins",
      "Another Pilot Light keeps these logins alive.",
    ]);
  });

  it("offers nothing more once it was told to quit", () => {
    const { entries, tooltip } = model([loginOf("a")], { ending: true });
    expect(lines(entries)).toEqual(["Quitting … waiting up to 30 s for a refresh to finish"]);
    expect(tooltip).toBe("Pilot Light: quitting … waiting up to 30 s for a refresh to finish");
  });

  it("cannot switch what is locked, and says why", () => {
    expect(lines(model([], { startAtLogin: { on: true, locked: { kind: "checkout" } } }).entries)).toContain(
      "- [x] Start at login: off in a development checkout",
    );
  });

  it("disables the commands of a login on which one is at work", () => {
    const shown = lines(model([loginOf("a"), loginOf("b")], { busy: ["a"] }).entries);
    const commands = shown.filter((line) => /^(a|b) |Refresh now|Ping now/.test(line));
    expect(commands).toEqual([
      "a   until 20:00 >",
      "  - Refresh now",
      "  - Ping now",
      "b   until 20:00 >",
      "  Refresh now",
      "  Ping now",
    ]);
    expect(shown).toContain("Refresh all now");
  });

  it("disables the commands of every login while one works on all of them, as the window does", () => {
    const logins = [loginOf("a"), loginOf("b", { state: "paused" })];
    const shown = lines(model(logins, { busy: [ALL, "a", "b"] }).entries);
    expect(shown.filter((line) => /Refresh |Ping |Pause|Resume/.test(line))).toEqual([
      "  - Refresh now",
      "  - Ping now",
      "  - Resume pings",
      "  - Refresh now",
      "  - Ping now",
      "  Pause pings",
      "- Refresh all now",
      "Pause pings",
    ]);
    const resume = lines(model(logins, { busy: [ALL, "a", "b"], allPaused: { until: null } }).entries);
    expect(resume).toContain("- Resume pings");
  });

  it("is the same as time goes by, so that no click on an open menu is lost", () => {
    const view = viewOf([loginOf("a"), loginOf("b", { state: "retrying" })]);
    expect(trayModel(view, NOON + HOUR)).toEqual(trayModel(view, NOON));
  });

  it.each(LOGIN_STATE_NAMES)("has words for a login that is %s", (state) => {
    const [, , line] = lines(model([loginOf("a", { state })]).entries);
    expect(line).toMatch(/^a {3}\S.*$/);
  });

  it("neither obeys nor hides what stands in a label, and cuts a long one", () => {
    const [, , line] = lines(model([loginOf("a", { label: `\u202e\n${"x".repeat(500)}` })]).entries);
    expect(line).toMatch(/^a · \?\?x+… {3}until 20:00$/);
    expect(line?.length).toBeLessThan(90);
  });
});

describe("a click in the menu", () => {
  it.each<[MenuAction, readonly unknown[]]>([
    [{ name: "refresh", id: "a" }, ["refresh", "a"]],
    [{ name: "ping", id: "a" }, ["ping", "a"]],
    [{ name: "pausePings", id: "a", pause: "hour" }, ["pausePings", "a", HOUR]],
    [{ name: "pausePings", id: null, pause: "tomorrow" }, ["pausePings", null, pauseMs("tomorrow", NOON)]],
    [{ name: "pausePings", id: null, pause: "resumed" }, ["pausePings", null, null]],
    [{ name: "resumePings", id: null }, ["resumePings", null]],
    [{ name: "refreshAll" }, ["refreshAll"]],
    [{ name: "setStartAtLogin", on: true }, ["setStartAtLogin", true]],
    [{ name: "quit" }, ["quit"]],
    [{ name: "open" }, ["open", undefined]],
    [{ name: "open", id: "a" }, ["open", "a"]],
    [{ name: "signIn", id: "a" }, ["open", "a"]],
  ])("on %j is the window's own command", async (action, call) => {
    const calls: (readonly unknown[])[] = [];
    await runMenuAction(action, notingHandlers(calls), (id) => void calls.push(["open", id]), NOON);
    expect(calls).toEqual([call]);
  });
});
