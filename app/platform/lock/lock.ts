import { dirname, join } from "node:path";
import type { Clock, Random } from "../../ports/clock.ts";
import type { Files, OpenFile } from "../../ports/files.ts";
import type { BusyLock, HeldLock, Lock, LockOptions } from "../../ports/lock.ts";
import type { Log } from "../../ports/log.ts";
import type { Processes } from "../../ports/processes.ts";
import { errorCode, plainReason } from "../../shared/data/errors.ts";
import {
  asidePlace,
  lookAtLock,
  moveAway,
  OWNER_FILE,
  readOwner,
  refuseDeadLink,
  removeAside,
  removeEmpty,
  type Sighting,
  sameLock,
} from "./folder.ts";
import { type LockOwner, ownerText, parseOwner } from "./owner.ts";
import { type Silence, silenceAfter } from "./silence.ts";

export interface LockParts {
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly processes: Processes;
  /** Told of locks that could not be removed. */
  readonly log: Pick<Log, "warn">;
}

const POLL_MS = 50;
/** How often a lock that vanishes while we look is tried again without a pause. */
const QUICK_TRIES = 3;

/**
 * A lock is a folder: who makes it and creates the owner file in it holds it. The holder rewrites that file's sign of life in
 * place through a handle whose content it checked, so a holder that was stopped and robbed never writes into its successor's
 * lock.
 * @returns a lock over ports alone. What it saw of other owners' silence is kept from one `acquire` to the next.
 */
export function createLock(parts: LockParts): Lock {
  const silences = new Map<string, Silence>();
  return {
    acquire: (path, options) => acquire(parts, silences, path, options),
    peek: async (path, silenceMs) => {
      const owner = await readOwner(parts.files, path).catch(() => null);
      if (owner === null) return null;
      const isSilent = Math.abs(parts.clock.now() - owner.at) > silenceMs;
      const lives = !isSilent && (await parts.processes.judge(owner)) !== "dead";
      return { pid: owner.pid, since: owner.since, at: owner.at, lives };
    },
  };
}

async function acquire(
  parts: LockParts,
  silences: Map<string, Silence>,
  path: string,
  options: LockOptions,
): Promise<HeldLock | BusyLock> {
  const { files, clock, random } = parts;
  const deadline = clock.monotonic() + options.waitMs;
  let vanished = 0;
  let owner = "another process";
  while (options.signal?.aborted !== true) {
    const held = await claim(parts, path, options);
    if (held !== null) {
      silences.delete(path);
      await sweep(parts, silences, path, options);
      return held;
    }
    const sighting = await lookAtLock(files, path);
    if (sighting.kind === "gone") {
      silences.delete(path);
      vanished += 1;
      if (vanished <= QUICK_TRIES) continue;
      await refuseDeadLink(files, path);
      vanished = 0;
    } else {
      owner = ownerPhrase(parts, sighting);
      const over = await mayTakeOver(parts, silences, path, sighting, options);
      const moved = over ? await moveAway(parts, path, (now) => sameLock(sighting, now)) : "other";
      if (moved === "done" || moved === "gone") continue;
    }
    const left = deadline - clock.monotonic();
    if (left <= 0) break;
    await clock.sleep(Math.min(left, (options.pollMs ?? POLL_MS) * (1 + random.fraction())), options.signal);
  }
  return { kind: "busy", owner };
}

/** May this lock be taken over: its owner is proven dead, or was silent for long enough? */
async function mayTakeOver(
  { clock, processes }: LockParts,
  silences: Map<string, Silence>,
  path: string,
  sighting: Sighting,
  options: LockOptions,
): Promise<boolean> {
  // Whose signs of life we cannot see, we cannot call silent.
  if (sighting.kind !== "lock") return false;
  // Without an owner file, all that can show life is the folder itself.
  const mark =
    sighting.text === null ? `${sighting.folder} ${sighting.ctimeNs}` : `${sighting.folder} ${sighting.text}`;
  const mostPerLook = Math.max(options.silenceMs / 4, 2 * (options.pollMs ?? POLL_MS));
  const silence = silenceAfter(silences.get(path), mark, clock.monotonic(), mostPerLook);
  silences.set(path, silence);
  if (silence.silentMs >= options.silenceMs) return true;
  return options.judgeProcess && sighting.owner !== null && (await processes.judge(sighting.owner)) === "dead";
}

function ownerPhrase({ processes }: LockParts, sighting: Sighting): string {
  if (sighting.kind === "closed") return "a process of another user";
  if (sighting.kind === "gone" || sighting.owner === null) return "a process that has not named itself";
  const self = processes.self();
  const near = sighting.owner.boot === self.boot && sighting.owner.pidNamespace === self.pidNamespace;
  return `process ${sighting.owner.pid}${near ? "" : " in another container or on another machine"}`;
}

/** One try to make the lock. @returns null when somebody else has it. */
async function claim(parts: LockParts, path: string, options: LockOptions): Promise<HeldLock | null> {
  const { files, clock, random, processes } = parts;
  try {
    await files.makeFolder(path);
  } catch (error) {
    if (errorCode(error) === "EEXIST") return null;
    throw error;
  }
  const now = clock.now();
  const owner: LockOwner = { ...processes.self(), nonce: random.id(), since: now, at: now };
  let file: OpenFile;
  try {
    // Exclusive: should the folder have been taken from us by now and made anew by another, one of us gets the file.
    file = await files.open(join(path, OWNER_FILE), "createNew", 0o600);
  } catch (error) {
    const code = errorCode(error);
    if (code === "EEXIST" || code === "ENOENT") return null;
    await files.removeFolder(path).catch((problem: unknown) => notRemoved(parts, problem));
    throw error;
  }
  let written: LockOwner | null;
  try {
    await writeAndClose(file, ownerText(owner, 0));
    written = await readOwner(files, path);
  } catch (error) {
    // Never one that names another: should ours have been taken over by now, it stays.
    const isOurs = (seen: Sighting) =>
      seen.kind === "lock" && (seen.owner === null || seen.owner.nonce === owner.nonce);
    await moveAway(parts, path, isOurs).catch((problem: unknown) => notRemoved(parts, problem));
    throw error;
  }
  if (written?.nonce !== owner.nonce) return null;
  return hold(parts, path, owner, options.beatMs);
}

async function writeAndClose(file: OpenFile, text: string): Promise<void> {
  try {
    await file.write(new TextEncoder().encode(text), 0);
  } finally {
    await file.close();
  }
}

function hold(parts: LockParts, path: string, owner: LockOwner, beatMs: number): HeldLock {
  const { files } = parts;
  const ending = new AbortController();
  const beating = keepBeating(parts, path, owner, beatMs, ending.signal);
  const isOurs = async () => (await readOwner(files, path).catch(() => null))?.nonce === owner.nonce;
  let releasing: Promise<void> | null = null;
  const release = async () => {
    ending.abort();
    await beating;
    await giveBack(parts, path, owner.nonce);
  };
  return {
    kind: "held",
    stillOurs: async () => releasing === null && (await isOurs()),
    release: () => (releasing ??= release()),
  };
}

async function keepBeating(
  { files, clock }: LockParts,
  path: string,
  owner: LockOwner,
  beatMs: number,
  signal: AbortSignal,
): Promise<void> {
  let missed = 0;
  for (let beat = 1; missed < 2; beat += 1) {
    await clock.sleep(beatMs, signal);
    if (signal.aborted) return;
    try {
      // A taker that erred puts the lock back within moments, so one miss is not the end.
      missed = (await beatOnce(files, path, { ...owner, at: clock.now() }, beat)) ? 0 : missed + 1;
    } catch (error) {
      if (errorCode(error) === "ENOENT") missed += 1;
    }
  }
}

/** Rewrites our owner file in place. @returns false if it is not ours. */
async function beatOnce(files: Files, path: string, owner: LockOwner, beat: number): Promise<boolean> {
  const file = await files.open(join(path, OWNER_FILE), "updateOwn");
  try {
    const text = ownerText(owner, beat);
    const standing = parseOwner(new TextDecoder().decode(await file.read(0, text.length * 4)));
    if (standing?.nonce !== owner.nonce) return false;
    // Through this handle: whatever stands at the path by now, only what we just read as ours is changed.
    await file.write(new TextEncoder().encode(text), 0);
    return true;
  } finally {
    await file.close();
  }
}

function notRemoved({ log }: Pick<LockParts, "log">, error: unknown): void {
  log.warn("a lock could not be removed", { reason: plainReason(error) });
}

/** Removes our lock, wherever it stands. It never throws. */
async function giveBack(parts: LockParts, path: string, nonce: string): Promise<void> {
  const { files } = parts;
  const isOurs = (sighting: Sighting) => sighting.kind === "lock" && sighting.owner?.nonce === nonce;
  // Twice: a taker that erred may hold our lock aside just now, about to put it back.
  for (let round = 0; round < 2; round += 1) {
    try {
      if ((await readOwner(files, path))?.nonce === nonce) {
        const moved = await moveAway(parts, path, isOurs);
        // In place, then: nobody takes a folder without an owner file before the silence is over.
        if (moved === "stuck") await removeAside(parts, path);
        if (moved === "done" || moved === "stuck") return;
      }
      const { folder, prefix } = asidePlace(path);
      for (const name of await files.list(folder)) {
        if (!name.startsWith(prefix)) continue;
        const aside = join(folder, name);
        const owner = await readOwner(files, aside).catch(() => null);
        if (owner?.nonce === nonce) await removeAside(parts, aside);
      }
    } catch (error) {
      // What is left behind is silent from now on, and so is taken over.
      notRemoved(parts, error);
    }
  }
}

/**
 * Removes what crashed takers left: locks put aside whose owner is dead, or was silent for as long as a lock may be. And those
 * without an owner file at once, by removing the folder alone, which fails if anything is in it. Nobody holds such a lock. If
 * its taker erred and is about to put it back, its maker is just before making the owner file: it finds no folder to make it
 * in, or another's, and begins anew.
 */
async function sweep(
  parts: LockParts,
  silences: Map<string, Silence>,
  path: string,
  options: LockOptions,
): Promise<void> {
  const { files } = parts;
  try {
    const { prefix } = asidePlace(path);
    const asides = (await files.list(dirname(path))).filter((name) => name.startsWith(prefix));
    const paths = asides.map((name) => join(dirname(path), name));
    const start = join(dirname(path), prefix);
    for (const known of silences.keys()) if (known.startsWith(start) && !paths.includes(known)) silences.delete(known);
    for (const aside of paths) {
      const sighting = await lookAtLock(files, aside).catch((): Sighting => ({ kind: "gone" }));
      if (sighting.kind === "lock" && sighting.text === null) await removeEmpty(parts, aside);
      // What is put aside is no claim any more, so a dead process needs no silence.
      else if (await mayTakeOver(parts, silences, aside, sighting, { ...options, judgeProcess: true }))
        await removeAside(parts, aside);
    }
  } catch (error) {
    // It can wait for the next one.
    notRemoved(parts, error);
  }
}
