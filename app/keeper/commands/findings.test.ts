import { describe, expect, it } from "vitest";
import type { Finding } from "../../shared/finding.ts";
import { loginOf, NOON } from "../../shared/testing/snapshots.ts";
import { findingWords } from "../../shared/words/doctor.ts";
import { ENDPOINT, DOCTOR_FACTS as GOOD, SETUP } from "../testing/doctor-facts.ts";
import type { DoctorFacts, Setup } from "./doctor-facts.ts";
import { doctorExitCode, findingsOf } from "./findings.ts";

const HOUR = 3_600_000;
const find = (more: Partial<DoctorFacts>, setup: Partial<Setup> = {}): readonly Finding[] =>
  findingsOf({ ...GOOD, ...more }, { ...SETUP, ...setup });
/** The same, as a person reads it. */
const read = (more: Partial<DoctorFacts>, setup: Partial<Setup> = {}) =>
  find(more, setup).map(({ about, level, what }) => ({
    about,
    level,
    ...findingWords(what, more.now ?? NOON),
  }));
const file = (more: Partial<DoctorFacts["file"]>): Partial<DoctorFacts> => ({ file: { ...GOOD.file, ...more } });
const problem = file({ kind: "problem", problem: { kind: "notJson", line: 1, column: 1 }, format: null });

const UNREADABLE = { kind: "unreadable", stateDir: "/home/ann/state", code: "EACCES" } as const;

describe("where all is well", () => {
  it("every finding is ok, and there is nothing to do", () => {
    expect(read({}).filter(({ level, next }) => level !== "ok" || next !== null)).toEqual([]);
    expect(doctorExitCode(GOOD, find({}))).toBe(0);
    expect(find({}).map(({ about }) => about)).toEqual([
      "file",
      "file",
      "notes",
      "keeper",
      "lock",
      "login",
      "answers",
      "copies",
      "shared",
      "clock",
      "endpoints",
      "pings",
      "version",
    ]);
  });
});

describe("a finding", () => {
  it.each<readonly [string, Partial<DoctorFacts>, Finding["about"], Finding["level"], RegExp, RegExp]>([
    ["a broken file", problem, "file", "bad", /cut off or not JSON/, /Fix it/],
    [
      "no file yet",
      file({ kind: "missing", format: null, mode: null }),
      "file",
      "warn",
      /no credential file yet/,
      /opencode auth login/,
    ],
    [
      "a file that cannot be replaced",
      file({ cannotReplace: { kind: "mounted" } }),
      "file",
      "bad",
      /Nothing is refreshed: something is mounted on it, so it cannot be replaced safely\./,
      /folder/,
    ],
    [
      "a file that others may read",
      file({ mode: 0o644 }),
      "file",
      "warn",
      /mode 644/,
      /chmod 600 \/home\/ann\/auth\.json/,
    ],
    ["a state folder that others may enter", { stateMode: 0o755 }, "notes", "warn", /mode 755/, /chmod 700/],
    [
      "damaged notes",
      { notesProblem: { kind: "userError", sentence: "Our own notes are damaged. Move them away." } },
      "notes",
      "bad",
      /damaged/,
      /run doctor again/,
    ],
    [
      "notes that cannot be read",
      { notesProblem: UNREADABLE },
      "notes",
      "bad",
      /^The state folder \/home\/ann\/state cannot be read: permission denied\.$/,
      /run doctor again/,
    ],
    [
      "notes that were set aside",
      { damaged: [{ kind: "notes", name: "lineage.json.damaged-1" }] },
      "notes",
      "warn",
      /lineage\.json\.damaged-1.*What the journal knows was restored/,
      /disk/,
    ],
    ["no keeper", { locks: { file: null, keeper: null } }, "keeper", "warn", /No keeper is running/, /pilot-light run/],
    [
      "a silent keeper",
      { locks: { file: null, keeper: { pid: 7, since: 1, alive: false } } },
      "keeper",
      "warn",
      /pid 7.*no sign of life/,
      /takes over/,
    ],
    [
      "a lock left behind",
      { locks: { ...GOOD.locks, file: { pid: 9, since: 1, alive: false } } },
      "lock",
      "warn",
      /left behind by pid 9/,
      /Nothing to do/,
    ],
    [
      "a lock without a name",
      { locks: { ...GOOD.locks, file: { pid: null, since: null, alive: false } } },
      "lock",
      "warn",
      /has not named itself/,
      /Nothing to do/,
    ],
    [
      "a lock held for long",
      { locks: { ...GOOD.locks, file: { pid: 9, since: NOON - HOUR, alive: true } } },
      "lock",
      "warn",
      /held by pid 9 since 11:00/,
      /seconds/,
    ],
    [
      "a login that ended",
      { logins: [loginOf("anthropic", { state: "signIn", reason: "It ended." })] },
      "login",
      "bad",
      /^anthropic: It ended\.$/,
      /Sign in again\. "pilot-light refresh anthropic"/,
    ],
    [
      "an old copy",
      { logins: [loginOf("a", { state: "oldCopy", reason: "Old." })] },
      "login",
      "bad",
      /^a: Old\.$/,
      /"pilot-light allow a"/,
    ],
    [
      "a login that waits",
      { logins: [loginOf("a", { state: "retrying", reason: "Soon." })] },
      "login",
      "warn",
      /^a: Soon\.$/,
      /Nothing to do/,
    ],
    [
      "an entry out of shape",
      { logins: [loginOf("a", { state: "unreadable", reason: "Odd." })] },
      "login",
      "bad",
      /^a: Odd\.$/,
      /Fix the entry/,
    ],
    [
      "a lost answer",
      { openIntents: [{ ids: ["a"], since: NOON - HOUR, attempts: 2, sender: "dead" }] },
      "answers",
      "warn",
      /refresh of a was lost at 11:00, 2 times/,
      /"pilot-light refresh a"/,
    ],
    [
      "a shared login",
      { shared: [{ id: "a", with: "Claude Code", allowed: false }] },
      "shared",
      "bad",
      /Claude Code also uses a, so/,
      /"pilot-light allow a"/,
    ],
    [
      "a shared login that was allowed",
      { shared: [{ id: "a", with: "Claude Code", allowed: true }] },
      "shared",
      "warn",
      /refreshed here anyway/,
      /"pilot-light disallow a"/,
    ],
    [
      "what cannot be seen on macOS",
      { sharingUnseen: { kind: "inKeychain", program: "Claude Code" } },
      "shared",
      "warn",
      /^Claude Code keeps its login in the macOS keychain, .*\.$/,
      /sign in separately/,
    ],
    [
      "a file from the future",
      { newestFile: { path: "/x/status.json", at: NOON + 3 * HOUR } },
      "clock",
      "bad",
      /\/x\/status\.json was written 3 h from now/,
      /set it/,
    ],
    ["a clock at its beginning", { now: 86_400_000 }, "clock", "bad", /1970-01-02/, /Set it/],
  ])("of %s says what to do", (_name, more, about, level, sentence, next) => {
    const found = read(more).filter((finding) => finding.about === about && finding.level === level);
    expect(found).toHaveLength(1);
    expect(found[0]?.sentence).toMatch(sentence);
    expect(found[0]?.next).toMatch(next);
  });

  it("tells who holds the lock for the moment, and which refresh is under way, as no trouble", () => {
    const found = read({
      locks: { ...GOOD.locks, file: { pid: 9, since: NOON - 1_000, alive: true } },
      openIntents: [{ ids: ["a"], since: NOON, attempts: 1, sender: "alive" }],
      keptCopies: [{ id: "gone", erasedAt: NOON + 48 * HOUR }],
    });
    expect(found.filter(({ level }) => level !== "ok")).toEqual([]);
    expect(found).toContainEqual({
      about: "copies",
      level: "ok",
      sentence: "A safe copy of gone, which was signed out, is kept until Wed 12:00.",
      next: '"pilot-light forget gone" erases it at once.',
    });
  });

  it("of another endpoint says where it was said", () => {
    const found = read({}, { endpoints: [{ ...ENDPOINT, tokenUrlFrom: "env", apiUrlFrom: "flag" }] });
    expect(found.find(({ about }) => about === "endpoints")).toMatchObject({
      level: "warn",
      sentence:
        "anthropic: refreshes go to https://token.example (from the environment), pings to https://api.example (from the flag).",
      next: "Tokens are sent there. If you did not choose that, unset PILOT_LIGHT_TOKEN_URL and leave out --api-url.",
    });
    const own = read({}, { endpoints: [{ ...ENDPOINT, tokenUrlFrom: "settings" }] });
    expect(own.find(({ about }) => about === "endpoints")?.next).toContain(
      "that, remove providers.anthropic.tokenUrl from the settings.",
    );
    const both = read({}, { endpoints: [{ ...ENDPOINT, tokenUrlFrom: "flag", apiUrlFrom: "flag" }] });
    expect(both.find(({ about }) => about === "endpoints")?.next).toContain("leave out --token-url and --api-url.");
  });

  it("of a file counts its logins also where our notes cannot be read, and says nothing of what stands in those", () => {
    const found = read({ ...file({ logins: 4 }), logins: [], notesProblem: UNREADABLE });
    expect(found[0]?.sentence).toContain("the flat format, 4 logins");
    const about = found.map((each) => each.about);
    for (const topic of ["login", "answers", "copies", "shared"]) expect(about).not.toContain(topic);
  });

  it("names no opencode where another file was named", () => {
    const [found] = read(file({ kind: "missing", format: null, mode: null }), { authFileFrom: "settings" });
    expect(found?.next).toBe("Sign in with the tool that writes this file.");
  });

  it("asks for no permission bits where there are none", () => {
    const found = read({ ...file({ mode: 0o666 }), stateMode: 0o777 }, { platform: "win32" });
    expect(found.filter(({ level }) => level !== "ok")).toEqual([]);
  });
});

describe("the exit code", () => {
  it.each<readonly [number, Partial<DoctorFacts>]>([
    [0, {}],
    [0, { locks: { file: null, keeper: null } }],
    [0, file({ kind: "missing", format: null })],
    [1, { logins: [loginOf("a", { state: "signIn" })] }],
    [1, { notesProblem: UNREADABLE }],
    [1, file({ cannotReplace: { kind: "mounted" } })],
    [4, problem],
    [4, { logins: [loginOf("a", { state: "unreadable" }), loginOf("b", { state: "signIn" })] }],
  ])("is %i: %j", (code, more) => {
    expect(doctorExitCode({ ...GOOD, ...more }, find(more))).toBe(code);
  });
});
