/** Core dumps of our processes, where the system writes any. */
import { execFile } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { foundInFile } from "../../e2e/support/process-memory.ts";

const run = promisify(execFile);

/** A dump of some hundred megabytes may take a while. */
const AGAIN_MS = 5_000;

export interface Dump {
  /** How many core dumps there were. */
  readonly dumped: number;
  /** How many of the texts stood in them. */
  readonly found: number;
}

/**
 * Lets a process dump as much as it likes, as many systems do, ends it, and looks into what it left.
 * @param cwd where it runs, and the kernel leaves a dump
 */
export async function crash(
  { pid, ended }: { readonly pid: number; readonly ended: Promise<unknown> },
  signal: NodeJS.Signals,
  cwd: string,
  texts: readonly string[],
): Promise<Dump> {
  await run("prlimit", ["--pid", String(pid), "--core=unlimited:unlimited"]);
  // Chromium draws a stack at the first one, and goes on.
  for (let over = false; !over; over = await within(ended, AGAIN_MS)) process.kill(pid, signal);
  const names = (await readdir(cwd)).filter((name) => /^core(\.\d+)?$/.test(name));
  let found = 0;
  for (const name of names) {
    const path = join(cwd, name);
    // Of the gigabytes of Chromium's address space hardly anything was ever written: without the holes it is small.
    await run("tar", ["--hole-detection=seek", "-cSf", `${path}.tar`, "-C", cwd, name]);
    await rm(path);
    found += (await foundInFile(`${path}.tar`, texts)).length;
    await rm(`${path}.tar`);
  }
  return { dumped: names.length, found };
}

async function within(ended: Promise<unknown>, ms: number): Promise<boolean> {
  return Promise.race([ended.then(() => true), pause(ms, false)]);
}

/** Does the kernel leave dumps in the working directory? Elsewhere a program of the system takes them, and none is seen here. */
export async function dumpsAreLeft(): Promise<boolean> {
  const pattern = await readFile("/proc/sys/kernel/core_pattern", "utf8").catch(() => "");
  return pattern.startsWith("core");
}
