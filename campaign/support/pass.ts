import * as v from "valibot";
import type { CliHome } from "../../e2e/support/cli.ts";

/** What anybody may rely on in `status --json` and `run --once --json`. */
const published = v.object({
  file: v.object({ format: v.nullable(v.string()), problem: v.nullable(v.string()) }),
  accounts: v.array(
    v.object({
      id: v.string(),
      state: v.string(),
      reason: v.nullable(v.string()),
      nextRefreshAt: v.nullable(v.number()),
      lastRefresh: v.nullable(v.object({ at: v.number(), outcome: v.string() })),
    }),
  ),
});

export type Shown = v.InferOutput<typeof published>;

/** One pass of the command line. */
export interface Pass {
  /** null = a signal ended it. */
  readonly code: number | null;
  /** null = it printed nothing that can be read. */
  readonly shown: Shown | null;
  /** All it said, both streams. */
  readonly said: string;
  readonly ms: number;
}

/** `pilot-light run --once`: refreshes what is due, and tells what stands then. */
export async function onePass(home: CliHome): Promise<Pass> {
  return passOf(await home.run("run", "--once", "--json"));
}

/** A command that sends nothing. */
export async function look(home: CliHome, words: readonly string[]): Promise<Pass> {
  return passOf(await home.run(...words));
}

function passOf({ code, stdout, stderr, ms }: Awaited<ReturnType<CliHome["run"]>>): Pass {
  return { code, shown: readShown(stdout), said: stdout + stderr, ms };
}

function readShown(text: string): Shown | null {
  try {
    const read = v.safeParse(published, JSON.parse(text));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}

/** Words that no person may ever read: the program itself went wrong. */
const BROKEN = /Something unexpected|\b(Type|Reference|Range|Syntax)Error\b|\n\s+at .+:\d+:\d+|heap out of memory/;

/** @returns why this pass counts as a crash, or null. */
export function crashOf({ code, said }: Pass): string | null {
  if (code === null || ![0, 1, 3, 4].includes(code)) return `it ended with ${code ?? "a signal"}`;
  return BROKEN.exec(said)?.[0].trim() ?? null;
}
