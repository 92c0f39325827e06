import { describe, expect, it } from "vitest";
import type { Login } from "../../shared/login/snapshot.ts";
import type { LoginStateName } from "../../shared/login/states.ts";
import { loginOf, NOON } from "../../shared/testing/snapshots.ts";
import { viewOf } from "../../shared/testing/views.ts";
import type { View } from "../../shared/view/view.ts";
import { menuLines as lines } from "../testing/menu-lines.ts";
import { trayModel } from "./menu.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const model = (logins: readonly Login[], change: Partial<View> = {}) => trayModel(viewOf(logins, change), NOON);

describe("the tray's menu, where something is odd,", () => {
  it("says that the keeper does not work, and where to read why", () => {
    const shown = lines(model([], { problem: "The settings file cannot be read." }).entries);
    expect(shown.slice(0, 2)).toEqual(["Pilot Light: not working", "What happened"]);
  });

  it("leads on from a file that cannot be used", () => {
    const shown = lines(trayModel(viewOf([], {}, { format: null, problem: "it is empty" }), NOON).entries);
    expect(shown.slice(0, 4)).toEqual([
      "Pilot Light: the credential file cannot be used",
      "What happened",
      "---",
      "Open status window",
    ]);
  });

  it("leads on from a login that cannot be read, and leaves one alone that is not ours", () => {
    const shown = lines(model([loginOf("a", { state: "unreadable" }), loginOf("b", { state: "unmanaged" })]).entries);
    expect(shown).toContain("What happened");
    expect(shown).toContain("b   unmanaged");
  });

  it("does not let a name from right to left turn the line round", () => {
    const [, , line] = lines(model([loginOf("a", { label: "مرحبا" })]).entries);
    expect(line).toBe("\u2068a · مرحبا\u2069   until 20:00");
  });

  it.each<[LoginStateName, readonly string[]]>([
    ["healthy", ["Refresh now", "Ping now", "Pause pings >"]],
    ["due", ["Refresh now", "Ping now", "Pause pings >"]],
    ["refreshing", ["- Refresh now", "Ping now", "Pause pings >"]],
    ["retrying", ["What happened", "Refresh now", "Ping now", "Pause pings >"]],
    ["rateLimited", ["What happened", "Pause pings >"]],
    ["outcomeUnknown", ["What happened", "Refresh now", "Pause pings >"]],
    ["shared", ["What happened"]],
    ["oldCopy", ["Sign in …", "What happened"]],
    ["wipedElsewhere", ["Sign in …", "What happened"]],
    ["signIn", ["Sign in …", "What happened"]],
    ["paused", ["Refresh now", "Ping now", "Resume pings"]],
    ["unreadable", ["What happened"]],
  ])("has for a login that is %s no entry that does nothing", (state, commands) => {
    const login = loginOf("a", { state });
    const isCommand = (line: string) => /^(- )?(Sign in|What happened|Refresh now|Ping now|Pause|Resume)/.test(line);
    expect(lines(model([login]).entries).filter(isCommand)).toEqual(commands);
    const [, , ...below] = lines(model([login, loginOf("b", { state: "unmanaged" }), loginOf("c")]).entries);
    const [own = ""] = below
      .join("\n")
      .split("\nc ")
      .filter((text) => text.includes("a   "));
    expect(
      own
        .split("\n")
        .map((line) => line.slice(2))
        .filter(isCommand),
    ).toEqual(expect.arrayContaining([...commands]));
  });

  it("offers a sign-in before the deadline as well", () => {
    const soon = lines(model([loginOf("a", { loginEndsAt: NOON + 47 * HOUR })]).entries);
    expect(soon.slice(2, 11)).toEqual([
      "a   until 20:00, login ends Wed 11:00",
      "Expires 20:00, refreshes 18:00",
      "No ping yet",
      "Login ends Wed 11:00",
      "---",
      "Sign in …",
      "What happened",
      "Refresh now",
      "Ping now",
    ]);
  });

  it("says when it goes on where it waits, with one login and with many", () => {
    const limited = loginOf("a", { state: "rateLimited", nextRefreshAt: NOON + 172 * MINUTE });
    const failing = loginOf("b", { state: "retrying", nextRefreshAt: NOON + 172 * MINUTE });
    expect(lines(model([limited]).entries).slice(3, 6)).toEqual(["Expires 20:00", "Waits until 14:52", "No ping yet"]);
    const both = lines(model([limited, failing]).entries);
    expect(both).toContain("  Waits until 14:52");
    expect(both).toContain("  Tries again at 14:52");
  });
});
