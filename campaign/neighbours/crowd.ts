/** Our own processes, all at the same file: one keeper, and commands that come again and again. */
import { setTimeout as pause } from "node:timers/promises";
import type { CliHome, Ended } from "../../e2e/support/cli.ts";
import type { Chance } from "../frame.ts";

/** What the processes beside the keeper do, in this order; the later ones are left out where fewer are wanted. */
const COMMANDS: readonly (readonly string[])[] = [
  ["refresh", "anthropic"],
  ["refresh", "--all"],
  ["ping", "anthropic"],
  ["run", "--once"],
  ["pause", "anthropic"],
  ["refresh", "anthropic"],
  ["refresh", "anthropic"],
  ["run", "--once"],
  ["status", "--json"],
  ["ping", "--all"],
  ["refresh", "anthropic"],
];
export const MOST_PROCESSES = COMMANDS.length + 1;

/** How long a process rests before it comes again: those that refresh wait for each other anyway. */
const REST_MS = { refresh: [50, 500], other: [1_000, 5_000] } as const;

export interface Crowd {
  /** So many commands have come to their end, by their command line. */
  readonly ends: ReadonlyMap<string, number>;
  /** What must not be in what they answered, one line each, without a token. */
  readonly wrong: readonly string[];
  /** Lets everyone come to its end. */
  stop(): Promise<void>;
  /** From now on nobody starts anything. */
  abandon(): void;
}

/** All is well, or it will be tried again. Where an old copy stands for a moment, a login may need its user for so long, too. */
const MAY_END_WITH = { calm: [0, 3], restored: [0, 1, 3] };

/** @param backups are old copies put back meanwhile? */
export function startCrowd(home: CliHome, processes: number, backups: boolean, chance: Chance): Crowd {
  const ends = new Map<string, number>();
  const wrong: string[] = [];
  const [stopping, abandoned] = [new AbortController(), new AbortController()];
  const note = (args: readonly string[], { code, signal, stderr, stdout }: Ended): void => {
    const line = args.join(" ");
    ends.set(line, (ends.get(line) ?? 0) + 1);
    if (code === null || !(backups ? MAY_END_WITH.restored : MAY_END_WITH.calm).includes(code)) {
      wrong.push(`"${line}" ended with ${code ?? signal}: ${plain(stdout + stderr)}`);
    }
  };
  const again = async (args: readonly string[], own: Chance): Promise<void> => {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      // Whoever pauses takes it back, so that the others have something to do.
      const words = args[0] === "pause" && turn % 2 === 1 ? ["resume", "--all"] : args;
      note(words, await home.run(...words));
      const [least, most] = REST_MS[args[0] === "refresh" ? "refresh" : "other"];
      await pause(own.whole(least, most), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    if (args[0] === "pause" && !abandoned.signal.aborted) note(["resume", "--all"], await home.run("resume", "--all"));
  };
  const keeper = home.start("run");
  const all = COMMANDS.slice(0, processes - 1).map((args, at) => again(args, chance.fork(at)));
  return {
    ends,
    wrong,
    abandon() {
      abandoned.abort();
      stopping.abort();
    },
    async stop() {
      stopping.abort();
      await Promise.all(all);
      const died = !keeper.running();
      keeper.kill("SIGTERM");
      const ended = await keeper.ended;
      if (died || ended.code !== 0)
        wrong.push(`the keeper ended with ${ended.code ?? ended.signal}: ${plain(ended.stdout)}`);
    },
  };
}

/** The beginning of what was said; everything that could be a token is cut out. */
function plain(text: string): string {
  return text
    .replace(/[\w-]{20,}/g, "*")
    .replace(/\s+/g, " ")
    .slice(0, 160);
}
