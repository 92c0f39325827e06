import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { createProcesses, parseProcStat } from "./processes.ts";

describe("a line of /proc/PID/stat", () => {
  const rest = Array.from({ length: 30 }, (_, n) => String(n + 100)).join(" ");

  it.each(["node", "a b", "evil) R 1 (", ")", ""])("is read behind a name like %j", (name) => {
    // State is field 3, the start time field 22.
    expect(parseProcStat(`12 (${name}) S ${rest}\n`)).toEqual({ state: "S", startedAt: "118" });
  });

  it.each(["", "12", "12 (x)", "12 (x) S 1 2 3", "12 (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 x 20"])(
    "that is not whole is not understood: %j",
    (text) => {
      expect(parseProcStat(text)).toBeNull();
    },
  );
});

describe.runIf(process.platform === "linux")("processes on Linux", () => {
  const processes = createProcesses();
  const self = processes.self();
  const startOf = (pid: number) => parseProcStat(readFileSync(`/proc/${pid}/stat`, "utf8"))?.startedAt ?? "";

  it("name themselves by boot, namespace, pid and start", async () => {
    expect(self).toEqual({
      boot: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      pidNamespace: expect.stringMatching(/^pid:\[\d+\]$/) as string,
      pid: process.pid,
      startedAt: startOf(process.pid),
    });
    expect(await processes.judge(self)).toBe("alive");
  });

  it("are dead when the pid is free or belongs to another start", async () => {
    expect(await processes.judge({ ...self, pid: 4_194_304 })).toBe("dead");
    expect(await processes.judge({ ...self, startedAt: "1" })).toBe("dead");
  });

  it("are unknown when of another boot or namespace, or without a start time", async () => {
    expect(await processes.judge({ ...self, boot: "another", pid: 4_194_304 })).toBe("unknown");
    expect(await processes.judge({ ...self, pidNamespace: "pid:[1]", pid: 4_194_304 })).toBe("unknown");
    expect(await processes.judge({ ...self, startedAt: "", pid: 4_194_304 })).toBe("unknown");
  });

  it("live while they run, and are dead when ended, also before their parent has noticed", async () => {
    // The shell's child ends and stays a zombie: its parent became `sleep`, which never asks.
    const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    onTestFinished(() => {
      parent.kill("SIGKILL");
    });
    const said: unknown[] = await once(parent.stdout, "data");
    const zombie = Number(String(said[0]));
    const stateOf = () => parseProcStat(readFileSync(`/proc/${zombie}/stat`, "utf8"))?.state;
    await expect.poll(stateOf, { timeout: 10_000 }).toBe("Z");
    expect(await processes.judge({ ...self, pid: zombie, startedAt: startOf(zombie) })).toBe("dead");
    const pid = parent.pid ?? 0;
    const identity = { ...self, pid, startedAt: startOf(pid) };
    expect(await processes.judge(identity)).toBe("alive");
    parent.kill("SIGKILL");
    await once(parent, "exit");
    expect(await processes.judge(identity)).toBe("dead");
  });
});
