/** For the lock's tests: a lock over real files, with the other parts as the test wants them. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Clock } from "../../ports/clock.ts";
import { type Files } from "../../ports/files.ts";
import { type HeldLock, type Lock, type LockOptions } from "../../ports/lock.ts";
import { type Processes } from "../../ports/processes.ts";
import { createFiles } from "../files/files.ts";
import { createLock } from "../lock/lock.ts";
import { createRandom } from "../random.ts";
import { standingClock, temporaryFolder } from "./support.ts";

export const OPTIONS: LockOptions = { waitMs: 0, beatMs: 10_000, silenceMs: 45_000, judgeProcess: true };
export const LONG: LockOptions = { ...OPTIONS, waitMs: 300_000 };

export function fakeProcesses(pid: number, verdict: "alive" | "dead" | "unknown" = "unknown"): Processes {
  const self = { boot: "boot", pidNamespace: "pid:[1]", pid, startedAt: "7" };
  return { self: () => self, judge: async () => verdict };
}

interface GivenParts {
  readonly clock?: Clock;
  readonly files?: Files;
  readonly processes?: Processes;
  /** Takes what it warns of. */
  readonly warned?: string[];
}

export function lockWith(parts: GivenParts = {}): Lock {
  const { clock = standingClock(), files = createFiles(), processes = fakeProcesses(1) } = parts;
  const log = { warn: (msg: string) => void parts.warned?.push(msg) };
  return createLock({ files, clock, random: createRandom(), processes, log });
}

export async function held(lock: Lock, path: string, options = OPTIONS): Promise<HeldLock> {
  const result = await lock.acquire(path, options);
  if (result.kind === "busy") throw new Error(`busy: ${result.owner}`);
  onTestFinished(() => result.release());
  return result;
}

export const place = () => join(temporaryFolder(), ".auth.json.lock-of-ours");
export const ownerFile = (path: string) => join(path, "owner.json");
export const siblings = (path: string) => readdirSync(join(path, ".."));
