import { describe, expect, it } from "vitest";
import type { Environment, ProgramResult, RunProgram } from "./programs.ts";
import {
  BUS_PROGRAMS,
  type BusProgram,
  type SessionKind,
  sessionBusAddress,
  sessionKindOf,
  trayHostProbe,
  waitForTrayHost,
} from "./tray-host.ts";

const ENV: Environment = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/run/bus", HOME: "/home/ann" };
const NONE: ProgramResult = { failed: "missing" };

const program = (file: string): BusProgram => {
  const found = BUS_PROGRAMS.find((one) => one.file === file);
  if (found === undefined) throw new Error(`no ${file}`);
  return found;
};

describe("what a program of the bus printed", () => {
  it.each([
    ["gdbus", "(true,)\n", true],
    ["gdbus", "(<false>,)\n", false],
    ["gdbus", "(':1.5',)\n", ":1.5"],
    ["gdbus", "Error: GDBus.Error\n", null],
    ["gdbus", "(uint32 5,)\n", null],
    ["busctl", "b true\n", true],
    ["busctl", "b false\n", false],
    ["busctl", 's ":1.12"\n', ":1.12"],
    ["busctl", "", null],
    ["dbus-send", "   boolean true\n", true],
    ["dbus-send", "   variant       boolean false\n", false],
    ["dbus-send", "   :1.7\n", ":1.7"],
    ["dbus-send", "two words here\n", null],
  ])("is understood: %s %j", (file, stdout, value) => {
    expect(program(file).parse(stdout)).toBe(value);
  });
});

/** A session in which some programs are there, and a watcher may be. */
function session(state: {
  programs?: readonly string[];
  watcher?: boolean;
  host?: boolean;
  results?: Readonly<Record<string, ProgramResult>>;
}) {
  const calls: { file: string; args: readonly string[]; env: Environment | undefined; timeoutMs: number }[] = [];
  const { programs = ["gdbus"], watcher = true, host = true, results = {} } = state;
  const print = (file: string, value: boolean | string): string => {
    if (file === "gdbus") return typeof value === "string" ? `('${value}',)` : `(${value},)`;
    if (file === "busctl") return typeof value === "string" ? `s "${value}"` : `b ${value}`;
    return typeof value === "string" ? `   ${value}` : `   variant       boolean ${value}`;
  };
  const runProgram: RunProgram = (file, args, { timeoutMs, env }) => {
    calls.push({ file, args, env, timeoutMs });
    const given = results[file];
    if (given !== undefined) return Promise.resolve(given);
    if (!programs.includes(file)) return Promise.resolve(NONE);
    const words = args.join(" ");
    const value = words.includes("NameHasOwner") ? watcher : words.includes("GetNameOwner") ? ":1.5" : host;
    return Promise.resolve({ code: 0, stdout: `${print(file, value)}\n` });
  };
  return { calls, runProgram, ask: trayHostProbe({ runProgram, env: ENV, platform: "linux" }) };
}

describe("asking for a tray host", () => {
  it.each(["gdbus", "busctl", "dbus-send"])("works with %s alone", async (file) => {
    expect(await session({ programs: [file] }).ask()).toBe(true);
    expect(await session({ programs: [file], host: false }).ask()).toBe(false);
    expect(await session({ programs: [file], watcher: false }).ask()).toBe(false);
  });

  it("sends nothing to a well-known name, so that nothing is started", async () => {
    for (const file of ["gdbus", "busctl", "dbus-send"]) {
      const { calls, ask } = session({ programs: [file] });
      await ask();
      const asked = calls.filter((call) => call.file === file);
      expect(asked).toHaveLength(3);
      for (const { args } of asked) expect(args.join(" ")).toMatch(/org\.freedesktop\.DBus |:1\.5/);
      expect(asked[2]?.args.join(" ")).toContain(":1.5");
    }
  });

  it("asks each time for at most 2 s, with the address of the bus", async () => {
    const { calls, ask } = session({});
    await ask();
    expect(calls.map(({ timeoutMs }) => timeoutMs)).toEqual([2_000, 2_000, 2_000]);
    expect(calls[0]?.env).toEqual(ENV);
  });

  it("tries the next program where one cannot tell, and is content with a no", async () => {
    const broken = session({ programs: ["busctl"], results: { gdbus: { code: 127, stdout: "" } } });
    expect(await broken.ask()).toBe(true);
    const no = session({ programs: ["gdbus", "busctl"], watcher: false });
    expect(await no.ask()).toBe(false);
    expect(no.calls).toHaveLength(1);
  });

  it("asks no other program when the bus is silent", async () => {
    const { calls, ask } = session({ programs: ["busctl"], results: { gdbus: { failed: "timeout" } } });
    expect(await ask()).toBe(false);
    expect(calls).toHaveLength(1);
  });

  it("finds none where there is no program to ask with, or no bus", async () => {
    expect(await session({ programs: [] }).ask()).toBe(false);
    const { runProgram, calls } = session({});
    expect(await trayHostProbe({ runProgram, env: { HOME: "/h" }, platform: "linux" })()).toBe(false);
    expect(calls).toEqual([]);
  });

  it.each(["darwin", "win32"] as const)("asks nobody on %s: there is always one", async (platform) => {
    const { runProgram, calls } = session({ programs: [] });
    expect(await trayHostProbe({ runProgram, env: {}, platform })()).toBe(true);
    expect(calls).toEqual([]);
  });
});

describe("the session", () => {
  it.each<[Environment, string | null]>([
    [{ DBUS_SESSION_BUS_ADDRESS: "unix:abstract=x" }, "unix:abstract=x"],
    [{ XDG_RUNTIME_DIR: "/run/user/1000" }, "unix:path=/run/user/1000/bus"],
    [{ XDG_RUNTIME_DIR: "/tmp/a b,c" }, "unix:path=/tmp/a%20b%2cc/bus"],
    [{ DBUS_SESSION_BUS_ADDRESS: "", XDG_RUNTIME_DIR: "relative" }, null],
    [{ DBUS_SESSION_BUS_ADDRESS: "autolaunch:" }, null],
    [{}, null],
  ])("%j has the bus %s", (env, address) => {
    expect(sessionBusAddress(env)).toBe(address);
  });

  it.each<[Environment, SessionKind]>([
    [{ WAYLAND_DISPLAY: "wayland-0", DISPLAY: ":0" }, "wayland"],
    [{ XDG_SESSION_TYPE: "wayland" }, "wayland"],
    [{ XDG_SESSION_TYPE: "x11", DISPLAY: ":0" }, "x11"],
    [{}, "x11"],
  ])("%j is %s", (env, kind) => {
    expect(sessionKindOf(env)).toBe(kind);
  });
});

/** Virtual time; what happens and when, in seconds. A host comes at `hostAt`. */
async function waiting(kind: SessionKind, hostAt: number, options: { until?: number; callMs?: number } = {}) {
  const { until = 3_600, callMs = 0 } = options;
  const stop = new AbortController();
  const seen: string[] = [];
  let now = 0;
  let asked = 0;
  const pass = (ms: number): void => {
    now += ms;
    if (now >= until * 1_000) stop.abort();
  };
  await waitForTrayHost({
    runProgram: (_file, args) => {
      asked += 1;
      pass(callMs);
      const isThere = now >= hostAt * 1_000;
      return Promise.resolve({
        code: 0,
        stdout: args.some((word) => word.endsWith("GetNameOwner")) ? "(':1.5',)" : `(${isThere},)`,
      });
    },
    env: ENV,
    platform: "linux",
    session: kind,
    clock: {
      monotonic: () => now,
      sleep: (ms) => {
        pass(ms);
        return Promise.resolve();
      },
    },
    signal: stop.signal,
    onHost: () => void seen.push(`host ${now / 1_000}`),
    onMissing: () => void seen.push(`missing ${now / 1_000}`),
  });
  return { seen, asked };
}

describe("waiting for a tray host", () => {
  it("ends at once when there is one", async () => {
    expect(await waiting("x11", 0)).toMatchObject({ seen: ["host 0"] });
  });

  it("gives a desktop that starts its time", async () => {
    expect((await waiting("x11", 3)).seen).toEqual(["host 3"]);
    expect((await waiting("wayland", 15)).seen).toEqual(["host 15"]);
  });

  it("tells once that it is missing, and goes on looking", async () => {
    expect((await waiting("x11", 60)).seen).toEqual(["missing 3", "host 63"]);
    expect((await waiting("wayland", 60)).seen).toEqual(["missing 15", "host 60"]);
  });

  it("looks every 5 s for 10 min, then every 30 s", async () => {
    const { seen, asked } = await waiting("x11", 1_200, { until: 1_201 });
    expect(seen).toEqual(["missing 3"]);
    expect(asked).toBeLessThan(4 + 120 + 21);
    expect((await waiting("x11", 1_200)).seen).toEqual(["missing 3", "host 1203"]);
  });

  it("is not held up by a bus that answers slowly", async () => {
    expect((await waiting("x11", 100, { callMs: 1_900, until: 30 })).seen).toEqual(["missing 4.8"]);
  });

  it("calls nobody after it was stopped, not even with an answer that was under way", async () => {
    expect((await waiting("x11", 100, { until: 2 })).seen).toEqual([]);
    expect((await waiting("x11", 0, { callMs: 1_000, until: 2 })).seen).toEqual([]);
  });
});
