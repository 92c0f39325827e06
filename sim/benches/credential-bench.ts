/** A credential file on a simulated disk with a clock that only `sleep` moves, for the tests of `app/credentials`. */

import { createCredentialFile } from "../../app/credentials/store.ts";
import { type Clock, type Random } from "../../app/ports/clock.ts";
import {
  type ChangePlan,
  type CredentialFile,
  type GoodReading,
  type Pair,
  type PairChange,
} from "../../app/ports/credential-file.ts";
import { createSimFiles, type SimFiles, type SimGate, type SimOp } from "../world/files.ts";

export const FOLDER = "/home/me/.local/share/opencode";
export const PATH = `${FOLDER}/auth.json`;
export const START = 1_790_000_000_000;

/** Time passes only while somebody sleeps; `at` says what the world does meanwhile. */
export class FakeClock implements Clock {
  #passed = 0;
  #events: { readonly at: number; readonly run: () => void }[] = [];

  now(): number {
    return START + this.#passed;
  }
  monotonic(): number {
    return this.#passed;
  }
  async sleep(ms: number): Promise<void> {
    const target = this.#passed + ms;
    for (;;) {
      const next = this.#events[0];
      if (next === undefined || next.at > target) break;
      this.#events.shift();
      this.#passed = Math.max(this.#passed, next.at);
      next.run();
    }
    this.#passed = target;
  }
  /** Runs something `ms` from now, in the middle of whatever sleeps then. */
  at(ms: number, run: () => void): void {
    this.#events.push({ at: this.#passed + ms, run });
    this.#events.sort((a, b) => a.at - b.at);
  }
}

export function countingRandom(): Random {
  let count = 0;
  return {
    fraction: () => 0.5,
    id: () => {
      count += 1;
      return `id${count}`;
    },
  };
}

/** A made-up generation: `pair("a1")` has the refresh token "refresh-a1". */
export function pair(name: string): Pair {
  return { access: `access-${name}`, refresh: `refresh-${name}`, expires: START + 3_600_000 };
}

export type Content = Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;

/** A flat file as opencode writes it; `{ anthropic: "a1" }` is an oauth login with `pair("a1")`. */
export function flat(content: Content): string {
  const entries = Object.entries(content).map(([id, value]) => [
    id,
    typeof value === "string" ? { type: "oauth", ...pair(value) } : value,
  ]);
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

/** Which generation each login of the flat file holds: `{ anthropic: "a1" }`. */
export function generations(text: string | null): Record<string, string> {
  const parsed = JSON.parse(text ?? "{}") as Record<string, { refresh?: string; key?: string }>;
  return Object.fromEntries(
    Object.entries(parsed).map(([id, { refresh, key }]) => [id, refresh?.replace("refresh-", "") ?? key ?? "?"]),
  );
}

/** A multi-account file with these records of one provider. */
export function accounts(records: Readonly<Record<string, string>>, provider = "anthropic"): string {
  const list = Object.entries(records).map(([id, name]) => ({
    id,
    namespace: "default",
    ...pair(name),
    createdAt: START - 1_000,
    updatedAt: START - 1_000,
    health: { successCount: 1, failureCount: 0 },
  }));
  const order = { default: list.map(({ id }) => id) };
  const entry = { type: "oauth", active: { default: list[0]?.id ?? "" }, order, records: list };
  return JSON.stringify({ version: 2, providers: { [provider]: entry } }, null, 2);
}

export function accountGenerations(text: string | null): Record<string, string> {
  const file = JSON.parse(text ?? "{}") as {
    providers: Record<string, { records: { id: string; refresh: string }[] }>;
  };
  const records = Object.values(file.providers).flatMap(({ records: list }) => list);
  return Object.fromEntries(records.map(({ id, refresh }) => [id, refresh.replace("refresh-", "")]));
}

/** A plan of generations: `plan("anthropic", "a1", "a2")` wants a2 where a1 stands. */
export function plan(id: string, from: string, to: string): ChangePlan {
  return () => [change(id, from, to)];
}

export function change(id: string, from: string, to: string): PairChange {
  return { id, from: `refresh-${from}`, pair: pair(to) };
}

export const nothing: ChangePlan = () => [];
export const noneSpent = (): boolean => false;
export function spent(...names: readonly string[]): (refresh: string) => boolean {
  return (refresh) => names.some((name) => refresh === `refresh-${name}`);
}

/** Puts the newest generation back wherever a spent one of its chain stands, as the keeper does. */
export function heal(id: string, chain: readonly string[]): ChangePlan {
  const newest = chain.at(-1) ?? "";
  const old = new Set(chain.slice(0, -1).map((name) => `refresh-${name}`));
  return (reading: GoodReading) =>
    reading.entries.flatMap((entry) =>
      entry.kind === "oauth" && entry.id === id && old.has(entry.pair.refresh)
        ? [{ id, from: entry.pair.refresh, pair: pair(newest) }]
        : [],
    );
}

export interface Bench {
  readonly clock: FakeClock;
  readonly files: SimFiles;
  readonly file: CredentialFile;
  /** Does something right before our `nth` operation of that kind (the first is 1) whose path holds `part`. */
  readonly before: (op: SimOp, action: () => void, options?: { readonly nth?: number; readonly part?: string }) => void;
  /** Names in the folder that are ours. */
  readonly leftovers: () => readonly string[];
}

/** @param text what stands in the file; null = there is none. */
export function bench(
  text: string | null,
  options: { readonly uid?: number; readonly path?: string; readonly coarseTimes?: boolean } = {},
): Bench {
  const clock = new FakeClock();
  const files = createSimFiles({
    now: () => clock.now(),
    uid: options.uid ?? 1000,
    coarseTimes: options.coarseTimes ?? false,
  });
  for (let cut = FOLDER.indexOf("/", 1); cut > 0; cut = FOLDER.indexOf("/", cut + 1)) {
    files.makeFolderNow(FOLDER.slice(0, cut));
  }
  files.makeFolderNow(FOLDER);
  if (text !== null) files.writeInPlace(PATH, text);
  files.settle();
  const gates: SimGate[] = [];
  files.setGate(async (op, path, to) => {
    for (const gate of gates) await gate(op, path, to);
  });
  const log = { warn: () => undefined };
  const file = createCredentialFile({ path: options.path ?? PATH, files, clock, random: countingRandom(), log });
  return {
    clock,
    files,
    file,
    before: (wanted, action, { nth = 1, part = "" } = {}) => {
      let seen = 0;
      gates.push((op, path) => {
        if (op !== wanted || !path.includes(part)) return;
        seen += 1;
        if (seen === nth) action();
      });
    },
    leftovers: () => files.listNow(FOLDER).filter((name) => name.includes("pilot-light")),
  };
}
