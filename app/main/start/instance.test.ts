import { describe, expect, it } from "vitest";
import { instanceOf } from "./instance.ts";
import { otherFileSentence, readSecondStart } from "./single-instance.ts";

const NO_FLAGS = { tokenUrls: [], apiUrls: [] } as const;
const around = (env: Readonly<Record<string, string>> = {}) => ({
  env,
  home: "/home/ann",
  cwd: "/work",
  platform: "linux" as const,
});

describe("which Pilot Light this is", () => {
  it("is the everyday one, beside the settings, without a state dir of its own", () => {
    const { userData, isOwn } = instanceOf(
      { kind: "launch", hidden: false, demo: false, notifyGraceMs: 0, flags: NO_FLAGS },
      around(),
    );
    expect({ userData, isOwn }).toEqual({ userData: "/home/ann/.config/pilot-light", isOwn: false });
  });

  it.each([
    [{ ...NO_FLAGS, stateDir: "own" }, {}],
    [NO_FLAGS, { PILOT_LIGHT_STATE_DIR: "/work/own" }],
  ])("is another one inside its state dir: %j %j", (flags, env) => {
    const launch = { kind: "launch", hidden: true, demo: false, notifyGraceMs: 0, flags } as const;
    expect(instanceOf(launch, around(env))).toMatchObject({ userData: "/work/own/electron", isOwn: true });
  });
});

describe("a second start", () => {
  it("tells whether it was hidden and which file it was meant for", () => {
    const launch = {
      kind: "launch",
      hidden: true,
      demo: false,
      notifyGraceMs: 0,
      flags: { ...NO_FLAGS, authFile: "a.json" },
    } as const;
    const { secondStart } = instanceOf(launch, around());
    expect(readSecondStart(secondStart)).toEqual({ hidden: true, authFile: "/work/a.json" });
    expect(readSecondStart("nonsense")).toEqual({ hidden: false, authFile: null });
  });

  it("names its file as the system does", () => {
    const launch = {
      kind: "launch",
      hidden: false,
      demo: false,
      notifyGraceMs: 0,
      flags: { ...NO_FLAGS, authFile: String.raw`C:\x\a.json` },
    } as const;
    const windows = { env: {}, home: String.raw`C:\Users\ann`, cwd: String.raw`C:\work`, platform: "win32" as const };
    expect(instanceOf(launch, windows).secondStart.authFile).toBe(String.raw`C:\x\a.json`);
  });

  it("that was meant for another file says how to watch both", () => {
    expect(otherFileSentence("/a", { hidden: false, authFile: "/b" })).toContain("--state-dir");
    expect(otherFileSentence("/a", { hidden: false, authFile: "/a" })).toBe(null);
    expect(otherFileSentence("/a", { hidden: false, authFile: null })).toBe(null);
  });
});
