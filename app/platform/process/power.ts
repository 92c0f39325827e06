/** Asks the system to put off its sleep while an answer is under way. */
import { type Clock } from "../../ports/clock.ts";
import { type Log } from "../../ports/log.ts";
import { type Power } from "../../ports/power.ts";
import { type Environment, startPiped, whyNotStarted } from "./programs.ts";

/** How long an exchange waits until it is known that the system waits. */
const STANDS_WITHIN_MS = 1_000;
/** No exchange takes so long: what is never let go of must not stand in the way of sleep for ever. */
const LONGEST_MS = 120_000;
const END_WITHIN_MS = 1_000;

/** What a root knows of sleep, and no one else. */
export interface PowerSource {
  readonly leaving: () => boolean;
  /** Nothing is at stake, so nothing is asked of the system: a demo. */
  readonly idle?: boolean;
  /**
   * Electron's own way of asking the system not to sleep; returns the end of it. Not used on Linux, where it holds off
   * idleness alone.
   */
  readonly block?: () => () => void;
}

export interface PowerDeps extends PowerSource {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  readonly clock: Pick<Clock, "sleep">;
  readonly log: Pick<Log, "debug">;
}

/**
 * Programs that hold the system off while `cat` runs in them, which ends with our pipe: however we end, the hold ends, too.
 * logind gives the lock as a file descriptor, which no program that only asks for it can keep for us.
 */
const HOLDERS: Partial<Record<NodeJS.Platform, readonly [file: string, ...args: readonly string[]]>> = {
  linux: [
    "systemd-inhibit",
    "--what=sleep:shutdown",
    "--mode=delay",
    "--who=Pilot Light",
    "--why=Saving a renewed login",
    "cat",
  ],
  darwin: ["caffeinate", "-i", "cat"],
};

/** @returns the power of this system. Where it cannot be asked to wait, that is written down once, and all goes on without. */
export function createPower({ platform, env, clock, log, leaving, block, idle }: PowerDeps): Power {
  if (idle === true) return { leaving, hold: async () => () => undefined };
  const holder = block !== undefined && platform !== "linux" ? undefined : HOLDERS[platform];
  let missing = false;
  let told = false;
  const without = (why: string): void => {
    if (!told) log.debug("the system cannot be asked to put off its sleep", { why });
    told = true;
  };

  const holdByProgram = async ([file, ...args]: NonNullable<typeof holder>): Promise<() => void> => {
    const started = startHolder(file, args, env, clock);
    const ended = new AbortController();
    const release = (): void => {
      if (ended.signal.aborted) return;
      ended.abort();
      started.end();
    };
    const inTime = new AbortController();
    const late = clock.sleep(STANDS_WITHIN_MS, inTime.signal).then(() => "slow" as const);
    const standing = await Promise.race([started.standing, late]);
    inTime.abort();
    if (standing === "missing") missing = true;
    if (standing !== "stands") without(`${file}: ${standing}`);
    // A slow one may stand yet.
    if (standing === "stands" || standing === "slow") void clock.sleep(LONGEST_MS, ended.signal).then(release);
    return release;
  };

  return {
    leaving,
    async hold() {
      if (holder !== undefined) return missing ? () => undefined : holdByProgram(holder);
      return block === undefined ? () => undefined : once(block, without);
    },
  };
}

interface Started {
  readonly standing: Promise<"stands" | "missing" | "refused">;
  /** Lets go, at once; the program is given a second to end by itself. */
  end(): void;
}

function startHolder(file: string, args: readonly string[], env: Environment, clock: PowerDeps["clock"]): Started {
  // In a session of its own: Ctrl+C asks us to finish, and what we finish then is what it holds for.
  const begun = startPiped(file, args, { env, input: true, detached: true });
  if (begun === null) return { standing: Promise.resolve("refused"), end: () => undefined };
  const { child, stdin, stdout } = begun;
  const { pid } = child;
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const kill = (): void => {
    if (pid === undefined || !running()) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  };
  const exited = new AbortController();
  let stands = false;
  const standing = new Promise<"stands" | "missing" | "refused">((resolve) => {
    // What comes back came through cat, which is not started before the system agreed.
    stdout.once("data", () => {
      stands = true;
      resolve("stands");
    });
    child.once("error", (error) => {
      exited.abort();
      resolve(whyNotStarted(error) === "missing" ? "missing" : "refused");
    });
    child.once("exit", () => {
      exited.abort();
      resolve("refused");
    });
  });
  stdin?.write("\n");
  return {
    standing,
    end() {
      if (!stands) kill();
      stdin?.destroy();
      stdout.destroy();
      void clock.sleep(END_WITHIN_MS, exited.signal).then(kill);
    },
  };
}

function once(block: () => () => void, without: (why: string) => void): () => void {
  let end: (() => void) | null = null;
  try {
    end = block();
  } catch {
    without("refused");
  }
  return () => {
    const last = end;
    end = null;
    try {
      last?.();
    } catch {
      // There is nothing left to let go of.
    }
  };
}
