import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server, Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../../e2e/support/output.ts";
import { until } from "../../../e2e/support/wait.ts";
import { standstill } from "../traced/standstill.ts";
import { type ClockShim, createClockShim, PUNCTUAL, type VirtualClock } from "./clock.ts";

const DAY = 86_400_000;
let shim: ClockShim;
let clock: VirtualClock;
beforeAll(async () => {
  shim = await createClockShim();
  clock = await shim.clock();
});
afterAll(async () => {
  await clock.remove();
  await shim.remove();
});

function start(program: string, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { env: { ...env } });
  const { stdout, stderr } = collect(child);
  const ended = once(child, "close").then(() => {
    expect(stderr()).toBe("");
    return stdout().trim();
  });
  return { pid: child.pid ?? 0, child, stdout, ended };
}

describe("a program whose clocks follow", () => {
  it("goes on as the real clocks do while nobody moves them", async () => {
    const program = `
      import { performance } from "node:perf_hooks";
      const at = [Date.now(), performance.now(), process.hrtime.bigint()];
      setTimeout(() => {
        const ms = [Date.now() - at[0], performance.now() - at[1], Number(process.hrtime.bigint() - at[2]) / 1e6];
        console.log(JSON.stringify([ms.every((each) => each >= 195 && each < 20000), new Date() - Date.now()]));
      }, 200);`;
    expect(await start(program, clock.env).ended).toBe("[true,0]");
  });

  it("after a standstill first fires what came due in it, in order, then reads", async () => {
    const server = createServer((socket) => socket.on("error", () => undefined));
    const asked = once(server, "connection").then(async ([socket]) => {
      if (!(socket instanceof Socket)) throw new Error("no socket came");
      await once(socket, "data");
      return socket;
    });
    const port = await listen(server);
    const program = `
      import { connect } from "node:net";
      const said = [];
      const say = (word) => {
        said.push(word);
        if (said.length === 6) { console.log(said.join(" ")); process.exit(); }
      };
      const at = Date.now();
      setTimeout(() => say("b" + Math.round((Date.now() - at) / 60000)), 40000);
      setTimeout(() => { say("a"); Promise.resolve().then(() => say("promise")); process.nextTick(() => say("tick")); }, 30000);
      const gone = setTimeout(() => say("cleared"), 20000);
      clearTimeout(gone);
      setTimeout(() => say("later"), 700000);
      setInterval(() => say("interval"), 300000);
      connect(${port}, "127.0.0.1").on("data", () => say("read")).write("go");`;
    const run = start(program, clock.env);
    try {
      const socket = await asked;
      await standstill(run.pid, async () => {
        await new Promise<unknown>((resolve) => void socket.write("x", resolve));
        clock.advance({ wall: 600_000, monotonic: 600_000 });
      });
      const said = (await run.ended).split(" ");
      expect(said.slice(0, 4)).toEqual(["a", "tick", "promise", "b10"]);
      expect(said.indexOf("read")).toBeGreaterThan(said.indexOf("b10"));
      expect(said).not.toContain("cleared");
      expect(said).not.toContain("later");
    } finally {
      run.child.kill("SIGKILL");
      server.close();
    }
  });

  it("fires no timer because its wall clock alone was put", async () => {
    const own = await shim.clock();
    const program = `
      const at = Date.now();
      const long = setTimeout(() => console.log("too early"), 3600000);
      const look = setInterval(() => {
        if (Date.now() - at < ${DAY}) return;
        clearTimeout(long);
        clearInterval(look);
        console.log("a day later");
      }, 10);
      console.log("ready");`;
    const run = start(program, own.env);
    await until("it runs", () => run.stdout().includes("ready"));
    own.advance({ wall: DAY, monotonic: 0 });
    expect(await run.ended).toBe("ready\na day later");
    await own.remove();
  });
});

describe("a program whose clocks leap", () => {
  it("lives through thirty days of hourly timers in order and in seconds", async () => {
    const own = await shim.clock();
    const program = `
      import { readFile } from "node:fs/promises";
      let last = Date.now();
      let hours = 0;
      const beat = setInterval(async () => {
        const since = Date.now() - last;
        last = Date.now();
        await readFile("/proc/self/stat");
        if (since < 3600000 - 2 || since > 3600000 + 2000) console.log("off by", since - 3600000);
        if ((hours += 1) < 720) return;
        console.log("done");
        clearInterval(beat);
      }, 3600000);`;
    const startedAt = Date.now();
    expect(await start(program, own.leaping([], "/nowhere", PUNCTUAL)).ended).toBe("done");
    expect(own.trueNow() - startedAt).toBeGreaterThanOrEqual(30 * DAY);
    await own.remove();
  });

  it("puts long timers together where it may, and leaves short ones alone", async () => {
    const own = await shim.clock();
    const program = `
      const at = performance.now();
      const say = (word) => console.log(word, Math.round((performance.now() - at) / 1000));
      setTimeout(() => say("ten"), 10000);
      setTimeout(() => say("twelve"), 12000);
      setTimeout(() => { say("one"); setTimeout(() => say("four"), 3000); }, 1000);`;
    const env = own.leaping([], "/nowhere", { lateFrom: 5_000, lateBy: 4_000 });
    expect(await start(program, env).ended).toBe("one 1\nfour 4\nten 14\ntwelve 14");
    await own.remove();
  });

  it("sleeps, is put and is stopped when its script says so", async () => {
    const own = await shim.clock();
    const program = `
      const at = Date.now();
      const monotonic = performance.now();
      process.on("SIGTERM", () => {
        console.log(Math.round((performance.now() - monotonic) / 60000), Math.round(Date.now() / 60000));
        process.exit();
      });
      setInterval(() => undefined, 1000);`;
    const script = [
      { at: 60_000, kind: "sleep", ms: DAY, monotonicRuns: false },
      { at: 120_000, kind: "setTo", wall: 0 },
      { at: 180_000, kind: "step", ms: DAY },
      { at: 240_000, kind: "stop" },
    ] as const;
    const before = Date.now();
    expect(await start(program, own.leaping(script, "/nowhere", PUNCTUAL)).ended).toBe(`4 ${DAY / 60_000 + 2}`);
    expect(Math.round((own.trueNow() - before - DAY) / 60_000)).toBe(4);
    const events = (await own.samples()).map((sample) => ("event" in sample ? sample.event : "file"));
    expect(events).toEqual(["file", "sleep", "setTo", "step", "stop"]);
    await own.remove();
  });

  it("waits at the real pace for an answer that is under way", async () => {
    const own = await shim.clock();
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      setTimeout(() => socket.end("x"), 300);
    });
    const port = await listen(server);
    const program = `
      import { connect } from "node:net";
      const at = Date.now();
      const patience = setTimeout(() => console.log("gave up"), 30000);
      connect(${port}, "127.0.0.1").on("data", () => {
        clearTimeout(patience);
        console.log(Date.now() - at < 25000 ? "answered" : "late");
      });`;
    expect(await start(program, own.leaping([], "/nowhere", PUNCTUAL)).ended).toBe("answered");
    server.close();
    await own.remove();
  });
});

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
