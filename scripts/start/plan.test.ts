import { describe, expect, it } from "vitest";
import { forgottenDashes, keeperWords, planStart, withoutApp } from "./plan.mjs";

const onScreen = { platform: "linux", env: { DISPLAY: ":0" } } as const;
const headless = { platform: "linux", env: {} } as const;

describe("what npm start starts", () => {
  it.each([
    ["with a display", onScreen],
    ["with Wayland alone", { platform: "linux", env: { WAYLAND_DISPLAY: "wayland-0" } } as const],
    ["on macOS, where no variable tells of a display", { platform: "darwin", env: {} } as const],
    ["on Windows", { platform: "win32", env: {} } as const],
  ])("is the app %s", (_name, surroundings) => {
    expect(planStart(["--hidden", "--demo"], surroundings)).toEqual({ what: "app", why: null });
  });

  it.each([
    ["no variable of a display", headless],
    ["an empty one", { platform: "linux", env: { DISPLAY: "" } } as const],
  ])("is the keeper, in one sentence, with %s", (_name, surroundings) => {
    expect(planStart([], surroundings)).toEqual({
      what: "keeper",
      why: "The app cannot open, because there is no display here; the keeper runs in this terminal instead.",
    });
  });

  it.each(["--once", "--json", "--help", "-h", "--version"])("is the keeper, unasked, for %s", (flag) => {
    expect(planStart(["--ping", "off", flag], onScreen)).toEqual({ what: "keeper", why: null });
  });

  it("says why in one line", () => {
    expect(withoutApp("no Electron was found")).not.toContain("\n");
  });
});

describe("two dashes that were forgotten", () => {
  it("are asked for, so that who meant the demo does not get the real thing", () => {
    expect(forgottenDashes({ npm_config_demo: "true", npm_config_state_dir: "/s" })).toBe(
      "npm kept --demo --state-dir for itself. Flags go behind two dashes: npm start -- --demo --state-dir",
    );
  });

  it("are not missed where npm has settings of its own", () => {
    expect(forgottenDashes({ npm_config_loglevel: "error", npm_config_registry: "https://x.example" })).toBe(null);
  });
});

describe("the same without a screen", () => {
  it.each([
    [[], ["run"]],
    [
      ["--auth-file", "a b", "--once"],
      ["run", "--auth-file", "a b", "--once"],
    ],
    [
      ["--hidden", "--ping=off"],
      ["run", "--ping=off"],
    ],
    [
      ["--hidden", "--demo", "--log-level", "debug"],
      ["demo", "--log-level", "debug"],
    ],
  ])("leaves out of %j what only the app knows", (flags, words) => {
    expect(keeperWords(flags)).toEqual(words);
  });
});
