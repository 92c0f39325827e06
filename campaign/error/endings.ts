/** How a command ends, and whether its exit code is honest. */
import { setTimeout as pause } from "node:timers/promises";
import type { Cli, Ended } from "../../e2e/support/cli.ts";
import { type Disk, newestOf, type Truth, whereIs } from "../support/verdict.ts";

/** Six tries to commit, five seconds apart, and a lock that is waited for: nothing takes longer. */
const PATIENCE_MS = 90_000;
/** The stopping rule says 5 s where no request is under way; the rest is for a busy machine. */
const STOPPING_MS = 15_000;

/** Waits for its end, and ends it if it does not come. @returns what is wrong about that. */
export async function endsItself(run: Cli): Promise<readonly string[]> {
  if (await endsWithin(run, PATIENCE_MS)) return [];
  return [`it did not end by itself within ${PATIENCE_MS / 1000} s`, ...(await stops(run))];
}

/** Asks it to end. @returns what is wrong about how it does. */
export async function stops(run: Cli): Promise<readonly string[]> {
  run.kill("SIGTERM");
  if (await endsWithin(run, STOPPING_MS)) return [];
  run.kill("SIGKILL");
  return [`it did not end within ${STOPPING_MS / 1000} s of SIGTERM`];
}

async function endsWithin(run: Cli, ms: number): Promise<boolean> {
  const patience = new AbortController();
  const late = pause(ms, false, { signal: patience.signal }).catch(() => false);
  const ended = await Promise.race([run.ended.then(() => true), late]);
  patience.abort();
  return ended;
}

/** 0 all well, 1 needs you, 3 is tried again, 4 credentials unreadable; 143, or the signal, where it was asked to end. */
const CODES = new Set<number | null>([0, 1, 3, 4, 143]);

/** @returns what its exit code, and what it said, hide or make up. */
export function honest(
  { code, signal, stdout, stderr }: Ended,
  truth: Truth,
  disk: Disk,
  begun: string,
): readonly string[] {
  const wrong: string[] = [];
  const where = whereIs(truth, disk);
  const renewed = newestOf(truth) !== begun;
  if (!CODES.has(code) && signal !== "SIGTERM") wrong.push(`it ended with ${signal ?? `exit ${code}`}`);
  if (code === 0 && !renewed && disk.text !== null) wrong.push("exit 0, though the login was due and was not renewed");
  // Where there is no file, there is no login in it to be kept: the table says 0.
  if (code === 0 && renewed && disk.text !== null && where !== "in the file")
    wrong.push(`exit 0, though the new generation is ${where}`);
  const said = `${stdout}\n${stderr}`;
  if (renewed && /nothing was sent/i.test(said))
    wrong.push("it says that nothing was sent, and the provider has renewed");
  if (/\b(Type|Reference|Range|Syntax)Error\b/.test(said)) wrong.push("it speaks of a mistake in the program");
  if (/planted/.test(said)) wrong.push("it says a token");
  return wrong;
}

/** It has no words for what happened: no mistake, and no help either. */
export function isTerse({ stderr }: Ended): boolean {
  return stderr.includes("Something unexpected");
}
