/** What a program and all its children take of the machine, at one moment. */
import { readdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { CliHome } from "../../e2e/support/cli.ts";
import { textOf } from "../../e2e/support/files.ts";
import { descendantsOf } from "../support/descendants.ts";
import type { Bound } from "./level.ts";

/** What is measured, and how much more of it is still level. */
export const MEASURES = {
  /** Proportional share, as nobody else counts it. */
  "memory (MiB)": { rise: 24, slope: 2 },
  handles: { rise: 3, slope: 0.2 },
  threads: { rise: 3, slope: 0.2 },
  processes: { rise: 0, slope: 0.05 },
  /** Timers that pile up wake it more and more often; a minute, as the next two. */
  "wake-ups a minute": { rise: 3_000, slope: 600 },
  "CPU seconds a minute": { rise: 6, slope: 1 },
  /** A spent token is remembered for thirty days, so that it is never sent again. */
  "files in the state dir, without a note each refresh": { rise: 4, slope: 0.5 },
  "files beside the credential file": { rise: 0, slope: 0.05 },
} as const satisfies Readonly<Record<string, Bound>>;

export type Measure = keyof typeof MEASURES;
export type Sample = Readonly<Record<Measure, number>>;

export const MEASURE_NAMES: readonly Measure[] = [
  "memory (MiB)",
  "handles",
  "threads",
  "processes",
  "wake-ups a minute",
  "CPU seconds a minute",
  "files in the state dir, without a note each refresh",
  "files beside the credential file",
];

/** Sums since its start, of which the next sample takes the difference. */
export interface Sums {
  readonly at: number;
  readonly wakeUps: number;
  readonly cpuSeconds: number;
}

const TICKS_A_SECOND = 100;

/**
 * @param refreshes so many there were so far
 * @param last the sums of the sample before; null = this is the first one, and rates are 0
 */
export async function sample(
  pid: number,
  home: CliHome,
  refreshes: number,
  last: Sums | null,
): Promise<{ readonly sample: Sample; readonly sums: Sums }> {
  const pids = [pid, ...(await descendantsOf(pid)).keys()];
  const looks = await Promise.all(pids.map(lookAt));
  const sum = (of: (look: Look) => number): number => looks.reduce((all, look) => all + of(look), 0);
  const sums = { at: Date.now(), wakeUps: sum((look) => look.wakeUps), cpuSeconds: sum((look) => look.cpuSeconds) };
  const minutes = last === null ? Number.POSITIVE_INFINITY : (sums.at - last.at) / 60_000;
  return {
    sums,
    sample: {
      "memory (MiB)": sum((look) => look.mib),
      handles: sum((look) => look.handles),
      threads: sum((look) => look.threads),
      processes: looks.filter((look) => look.threads > 0).length,
      // A child that ended in between takes its sums with it.
      "wake-ups a minute": Math.max(0, sums.wakeUps - (last?.wakeUps ?? 0)) / minutes,
      "CPU seconds a minute": Math.max(0, sums.cpuSeconds - (last?.cpuSeconds ?? 0)) / minutes,
      "files in the state dir, without a note each refresh": (await filesIn(home.stateDir)) - refreshes,
      "files beside the credential file": (await filesIn(dirname(home.authFile))) - 1,
    },
  };
}

interface Look {
  readonly mib: number;
  readonly handles: number;
  readonly threads: number;
  readonly wakeUps: number;
  readonly cpuSeconds: number;
}

/** All zero once it is gone. */
async function lookAt(pid: number): Promise<Look> {
  const rollup = (await textOf(`/proc/${pid}/smaps_rollup`)) ?? "";
  const stat = (await textOf(`/proc/${pid}/stat`)) ?? "";
  // The name in parentheses may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const switches = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/status`, "utf8").catch(() => "")),
  );
  const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
  return {
    mib: numberIn(rollup, /^Pss:\s+(\d+)/m) / 1024,
    handles: handles.length,
    threads: threads.length,
    wakeUps: switches.reduce((all, text) => all + numberIn(text, /^voluntary_ctxt_switches:\s+(\d+)/m), 0),
    cpuSeconds: (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_A_SECOND,
  };
}

function numberIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}

async function filesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).length;
}
