/** For the tests of this folder only: temporary folders, a hand-driven clock, child processes from TypeScript. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "vite";
import { onTestFinished } from "vitest";
import { type Clock } from "../../ports/clock.ts";
import { createAborts } from "../aborts.ts";
import { sleepUntil } from "../clock.ts";

/** @returns a new folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "pilot-light-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestClock extends Clock {
  /** Moves both clocks on and ends the sleeps that are over. */
  advance(ms: number): void;
  setWall(ms: number): void;
}

/** @returns a clock that stands still until it is moved. */
export function standingClock(wall = 1_700_000_000_000): TestClock {
  let now = wall;
  let monotonic = 0;
  const onAbort = createAborts();
  const sleepers = new Set<{ readonly until: number; readonly end: () => void }>();
  return {
    now: () => now,
    monotonic: () => monotonic,
    sleep: (ms, signal) =>
      sleepUntil(onAbort, signal, (end) => {
        const sleeper = { until: monotonic + ms, end };
        sleepers.add(sleeper);
        return () => sleepers.delete(sleeper);
      }),
    advance: (ms) => {
      now += ms;
      monotonic += ms;
      for (const sleeper of sleepers) if (sleeper.until <= monotonic) sleeper.end();
    },
    setWall: (ms) => {
      now = ms;
    },
  };
}

/**
 * @returns a clock on which a short sleep (below 1 s: a waiter's) is over at once and has lasted its time; `during` runs inside
 * it. A long one (a holder's, between two beats) lasts until it is aborted.
 */
export function rushingClock(during: (monotonic: number) => Promise<void> | void = () => undefined): Clock {
  let monotonic = 0;
  return {
    now: () => 1_700_000_000_000 + monotonic,
    monotonic: () => monotonic,
    sleep: async (ms, signal) => {
      if (ms >= 1_000) {
        if (signal !== undefined && !signal.aborted) await once(signal, "abort");
        return;
      }
      monotonic += ms;
      await during(monotonic);
    },
  };
}

/** Bundles a TypeScript file into plain JavaScript in `folder`. @returns its path. */
export async function bundleChild(entry: URL, folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: "silent",
    // A file in a temporary folder finds no packages.
    ssr: { noExternal: true },
    build: { ssr: entry.pathname, outDir: folder, emptyOutDir: false, minify: false },
  });
  return join(folder, basename(entry.pathname).replace(/\.ts$/, ".js"));
}

export interface Child {
  readonly process: ChildProcess;
  /** The next line on standard output; null after the last. */
  line(): Promise<string | null>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

/** Starts a bundled child, which is killed after the test at the latest. */
export function startChild(script: string, args: readonly string[]): Child {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, "exit").then(([code, signal]: unknown[]) =>
    typeof code === "number" ? code : typeof signal === "string" ? signal : null,
  );
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return {
    process: child,
    line: async () => {
      const next = await lines.next();
      return next.done === true ? null : next.value;
    },
    ended,
  };
}
