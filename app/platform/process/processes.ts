import { readFileSync, readlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { type Processes, type ProcessIdentity } from "../../ports/processes.ts";
import { errorCode } from "../../shared/data/errors.ts";

/**
 * @returns who we are and whether others live. On Linux a process is named by boot, pid namespace, pid and start time, so
 * neither a reboot nor a reused pid deceives. Elsewhere only its absence is proof, and only on the machine of its name.
 */
export function createProcesses(): Processes {
  const self = process.platform === "linux" ? linuxSelf() : plainSelf();
  return {
    self: () => self,
    judge: async (identity) => {
      if (identity.boot !== self.boot || identity.pidNamespace !== self.pidNamespace) return "unknown";
      if (identity.pid === self.pid && identity.startedAt === self.startedAt) return "alive";
      if (process.platform !== "linux") return answersSignals(identity.pid) === "no" ? "dead" : "unknown";
      // Without a usable /proc we know no start times.
      if (self.startedAt === "" || identity.startedAt === "") return "unknown";
      return judgeLinux(identity);
    },
  };
}

async function judgeLinux(identity: ProcessIdentity): Promise<"alive" | "dead" | "unknown"> {
  let text: string;
  try {
    text = await readFile(`/proc/${identity.pid}/stat`, "utf8");
  } catch (error) {
    // A /proc mounted with hidepid shows no process of another user, so its silence is not proof.
    const absent = errorCode(error) === "ENOENT" || errorCode(error) === "ESRCH";
    return absent && answersSignals(identity.pid) === "no" ? "dead" : "unknown";
  }
  const found = parseProcStat(text);
  if (found === null) return "unknown";
  // The same pid, started at another time: another process. A zombie holds nothing any more.
  return found.startedAt === identity.startedAt && !/^[ZXx]$/.test(found.state) ? "alive" : "dead";
}

/** @returns state and start time (clock ticks since boot) from the text of `/proc/PID/stat`, or null if it is not one. */
export function parseProcStat(text: string): { readonly state: string; readonly startedAt: string } | null {
  // The name stands in brackets and may itself hold brackets and blanks; no field after it does.
  const fields = text
    .slice(text.lastIndexOf(")") + 1)
    .trim()
    .split(/\s+/);
  const state = fields[0];
  const startedAt = fields[19];
  if (state === undefined || !/^[A-Za-z]$/.test(state)) return null;
  if (startedAt === undefined || !/^\d+$/.test(startedAt)) return null;
  return { state, startedAt };
}

function linuxSelf(): ProcessIdentity {
  const unknown: ProcessIdentity = { boot: "", pidNamespace: "", pid: process.pid, startedAt: "" };
  try {
    // In a pid namespace that still sees an outer /proc, the numbers there are not ours.
    if (readlinkSync("/proc/self") !== String(process.pid)) return unknown;
    const stat = parseProcStat(readFileSync("/proc/self/stat", "utf8"));
    if (stat === null) return unknown;
    return {
      boot: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
      pidNamespace: readlinkSync("/proc/self/ns/pid"),
      pid: process.pid,
      startedAt: stat.startedAt,
    };
  } catch {
    return unknown;
  }
}

function plainSelf(): ProcessIdentity {
  const startedAt = String(Math.round(Date.now() - process.uptime() * 1000));
  return { boot: "", pidNamespace: `${process.platform}:${hostname()}`, pid: process.pid, startedAt };
}

function answersSignals(pid: number): "yes" | "no" | "unclear" {
  try {
    process.kill(pid, 0);
    return "yes";
  } catch (error) {
    return errorCode(error) === "ESRCH" ? "no" : "unclear";
  }
}
