import { type BigIntStats, type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

const COALESCE_MS = 20;
const POLL_MS = 5_000;
/** More entries than this are not looked at one by one. */
const POLLED_ENTRIES = 256;
const EXACT = { bigint: true } as const;
const MISSING = "missing";

/** For tests: the pace of the slow look, and whether the system's own events are used at all. */
export interface WatchOptions {
  readonly pollMs: number;
  readonly events: boolean;
}

/**
 * Calls `onChange` within some 20 ms after something changed in the folder `path`, whether it exists or not. The system's
 * events come first; since they get lost (network folders, used-up watches), a look at the folder every 5 s backs them.
 * It does not keep the process alive. `onChange` must not throw.
 * @returns the stop; after it nothing is called.
 */
export function watchFolder(
  path: string,
  onChange: () => void,
  options: WatchOptions = { pollMs: POLL_MS, events: true },
): () => void {
  const target = resolve(path);
  let stopped = false;
  let armed: Armed | null = null;
  let pending: NodeJS.Timeout | null = null;
  let pendingIsChange = false;
  /** The watched folder itself went; one that came since may have its inode number, but not its watch. */
  let selfGone = false;
  let looking = false;

  const disarm = () => {
    armed?.watcher.close();
    armed = null;
  };
  /** Watches the folder, or what is left of the way to it. @returns whether the folder itself came or went. */
  const rearm = (): boolean => {
    if (stopped || !options.events) return false;
    const before = armed;
    const place = nearest(target);
    if (before?.place.id === place?.id && before?.place.path === place?.path && !selfGone) return false;
    selfGone = false;
    disarm();
    if (place !== null) armed = arm(place, onEvent, onTrouble);
    const was = before?.place.path === target;
    const is = place?.path === target;
    return was || is;
  };
  const settle = () => {
    pending = null;
    if (stopped) return;
    const wasInside = armed?.place.path === target;
    const moved = rearm();
    // A folder may have come while its parent was being armed: look once more at what is nearest now.
    const movedAgain = moved || rearm();
    if ((pendingIsChange && wasInside) || movedAgain) onChange();
    pendingIsChange = false;
  };
  const later = () => {
    pending ??= setTimeout(settle, COALESCE_MS).unref();
  };
  const onEvent = (what: string, name: string | null) => {
    if (stopped) return;
    pendingIsChange = true;
    if (what === "rename" && armed !== null && name === basename(armed.place.path)) selfGone = true;
    later();
  };
  const onTrouble = () => {
    // Not at once: the same trouble would come again and again. The slow look arms anew.
    disarm();
  };
  const look = async () => {
    if (looking || stopped) return;
    looking = true;
    const seen = await lookAt(target);
    looking = false;
    if (stopped) return;
    const changed = seen !== lastLook;
    lastLook = seen;
    if (changed || rearm()) onChange();
    rearm();
  };

  rearm();
  rearm();
  let lastLook = lookAtNow(target);
  const poll = setInterval(() => void look(), options.pollMs).unref();
  return () => {
    stopped = true;
    clearInterval(poll);
    if (pending !== null) clearTimeout(pending);
    disarm();
  };
}

interface Place {
  readonly path: string;
  /** Device, inode and birth: a folder that was deleted and made again is another one. */
  readonly id: string;
}
interface Armed {
  readonly place: Place;
  readonly watcher: FSWatcher;
}

/** The folder itself, else its nearest ancestor that exists. */
function nearest(target: string): Place | null {
  for (let path = target; ; path = dirname(path)) {
    try {
      const stats = statSync(path, { bigint: true });
      if (stats.isDirectory()) return { path, id: `${stats.dev}:${stats.ino}:${birthOf(stats)}` };
    } catch {
      // Missing or not ours to see: go up.
    }
    if (dirname(path) === path) return null;
  }
}

/** Where a file system keeps no time of birth, Node gives the time of the last change: no name for a folder. */
function birthOf(stats: BigIntStats): string {
  return stats.birthtimeNs === stats.ctimeNs ? "" : String(stats.birthtimeNs);
}

function arm(place: Place, onEvent: (what: string, name: string | null) => void, onTrouble: () => void): Armed | null {
  try {
    const watcher = watch(place.path, { persistent: false }, onEvent);
    watcher.on("error", onTrouble);
    return { place, watcher };
  } catch {
    return null;
  }
}

/** One text that differs after any change of the folder or of what stands in it. It never rejects. */
async function lookAt(folder: string): Promise<string> {
  const own = await stat(folder, EXACT).then(stampOf, () => MISSING);
  const names = await readdir(folder).then(polled, () => []);
  const stamps: string[] = [];
  for (const name of names)
    stamps.push(`${name} ${await stat(join(folder, name), EXACT).then(stampOf, () => MISSING)}`);
  return [own, ...stamps].join("/");
}

/** The same at once, so that no change after the start of a watch passes for its first state. */
function lookAtNow(folder: string): string {
  const stampNow = (path: string) => {
    try {
      return stampOf(statSync(path, EXACT));
    } catch {
      return MISSING;
    }
  };
  let names: readonly string[] = [];
  try {
    names = polled(readdirSync(folder));
  } catch {
    // Missing or not ours to read.
  }
  return [stampNow(folder), ...names.map((name) => `${name} ${stampNow(join(folder, name))}`)].join("/");
}

function polled(names: string[]): readonly string[] {
  return names.sort().slice(0, POLLED_ENTRIES);
}

function stampOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
}
