import { describe, expect, it } from "vitest";
import type { DoctorFacts, Setup } from "../../keeper/commands/doctor-facts.ts";
import { DOCTOR_FACTS, SETUP as GOOD_SETUP } from "../../keeper/testing/doctor-facts.ts";
import { UserError } from "../../shared/data/errors.ts";
import { loginOf, NOON, snapshotOf } from "../../shared/testing/snapshots.ts";
import { testEngine, testOutput } from "../testing/fakes.ts";
import { brokenSettings, doctor, settingsOrDefaults } from "./doctor.ts";

const SETUP: Setup = {
  ...GOOD_SETUP,
  authFileFrom: "flag",
  endpoints: [
    {
      provider: "anthropic",
      tokenUrl: "https://platform.example.org/v1/oauth/token/of/this/provider",
      tokenUrlFrom: "env",
      apiUrl: "https://api.example.org",
      apiUrlFrom: "default",
    },
  ],
  ping: { mode: "off", from: "settings" },
};
const FOUND: DoctorFacts = {
  ...DOCTOR_FACTS,
  paths: { ...DOCTOR_FACTS.paths, realPath: "/mnt/real/auth.json" },
  file: { ...DOCTOR_FACTS.file, format: "accounts", logins: 2 },
  logins: [loginOf("anthropic"), loginOf("home\u001b[31m", { state: "signIn", reason: "It ended.\nReally." })],
  newestFile: null,
};

async function run(json = false, change: Partial<DoctorFacts> = {}) {
  const output = testOutput();
  const engine = testEngine({ snapshots: [snapshotOf([])], found: { ...FOUND, ...change } });
  return { code: await doctor(engine, SETUP, output, json), text: output.stdout() };
}

describe("doctor", () => {
  it("says in 80 columns what was found and what to do, and names the places", async () => {
    const { code, text } = await run();
    expect(code).toBe(1);
    const lines = text.split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines).toContain("ok    The credential file can be read: the multi-account format, 2 logins (from");
    expect(lines).toContain("ok    A keeper is running: pid 7 since 12:00.");
    expect(text).toContain("BAD   home");
    expect(text).toContain("\n      -> Sign in again.");
    expect(text).not.toContain("\u001b");
    expect(text).toContain("credential file  /home/ann/auth.json\nreally at        /mnt/real/auth.json\n");
    expect(text).toMatch(/log {14}\/home\/ann\/state\/log\n$/);
  });

  it("gives one JSON document of version 1, with the facts beside the findings", async () => {
    const { code, text } = await run(true, { logins: [] });
    const document: unknown = JSON.parse(text);
    expect(code).toBe(0);
    expect(document).toMatchObject({
      version: 1,
      findings: expect.arrayContaining([
        { about: "file", level: "ok", kind: "fileReplaceable", sentence: "It can be replaced safely.", next: null },
      ]),
      paths: {
        authFile: "/home/ann/auth.json",
        realPath: "/mnt/real/auth.json",
        stateDir: "/home/ann/state",
        settingsFile: "/home/ann/settings.json",
        logDir: "/home/ann/state/log",
      },
      file: {
        kind: "good",
        format: "accounts",
        problem: null,
        problemKind: null,
        cannotReplace: null,
        cannotReplaceKind: null,
      },
      locks: { file: null, keeper: { pid: 7, since: NOON, alive: true } },
      clock: { now: NOON, newestFile: null },
      ping: { mode: "off", from: "settings" },
      versions: { app: "1.2.3", node: "v20.19.0", platform: "linux" },
    });
    expect((await run(true)).text).not.toContain("\u001b");
  });

  it("answers 4 where credentials cannot be read", async () => {
    const file = { ...FOUND.file, kind: "problem", problem: { kind: "empty" } } as const;
    expect((await run(false, { file })).code).toBe(4);
    const { code, text } = await run(true, { file });
    expect([code, JSON.parse(text)]).toMatchObject([4, { file: { problem: "it is empty", problemKind: "empty" } }]);
  });

  it("takes the defaults where the settings cannot be understood", () => {
    const read = () => {
      throw new UserError("settings.json is not JSON.", 2);
    };
    expect(settingsOrDefaults({ read }).schedule).toBe("lead");
    const broken = () => {
      throw new TypeError("a defect");
    };
    expect(() => settingsOrDefaults({ read: broken })).toThrow(TypeError);
    const problem = new UserError("settings.json is not JSON.", 2);
    expect(settingsOrDefaults(brokenSettings(problem)).schedule).toBe("lead");
    expect(() => brokenSettings(problem).read()).toThrow(problem);
    expect(() => brokenSettings(new TypeError("a defect"))).toThrow(TypeError);
  });
});
