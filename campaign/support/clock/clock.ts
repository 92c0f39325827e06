/** Clocks that a campaign moves: for programs of ours that are started with a preloaded piece, `shim.ts`. */
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "../../../e2e/support/bundle.ts";
import { OFFSETS } from "./offsets.ts";

/** What happens to the computer at a time of its monotonic clock, in ms since the program began. */
export type ClockEvent = { readonly at: number } & (
  | { readonly kind: "sleep"; readonly ms: number; readonly monotonicRuns: boolean }
  /** Its wall clock is put by so much. */
  | { readonly kind: "step"; readonly ms: number }
  /** Its wall clock is put to this; "right" = to the time that everybody else lives in. */
  | { readonly kind: "setTo"; readonly wall: number | "right" }
  /** Nothing; its memory is noted. */
  | { readonly kind: "sample" }
  /** SIGTERM. */
  | { readonly kind: "stop" }
);

interface Times {
  readonly true: number;
  readonly wall: number;
  /** Since the program began. */
  readonly monotonic: number;
}

/** One line of the log of a program that leaps. */
export type Sample = Times &
  (
    | {
        readonly event: ClockEvent["kind"];
        /** How long it slept until now; 0 for any other event. */
        readonly asleepMs: number;
        /** Bytes of its heap, after a collection. */
        readonly memory: number;
      }
    /** The watched file from now on; null = there is none. */
    | { readonly content: string | null }
  );

/** What the preloaded piece is told. */
export interface ClockOrder {
  readonly mode: "follow" | "leap";
  readonly offsets: string;
  readonly script: readonly ClockEvent[];
  readonly log: string | null;
  readonly witness: string | null;
  /** Timers of at least this delay, in ms … */
  readonly lateFrom: number;
  /** … may be late by this much, in ms, so that several fire together. */
  readonly lateBy: number;
}

/** Each timer at its time. */
export const PUNCTUAL: Pick<ClockOrder, "lateFrom" | "lateBy"> = { lateFrom: 0, lateBy: 0 };

/** The preloaded piece, made once for all clocks. */
export interface ClockShim {
  clock(): Promise<VirtualClock>;
  remove(): Promise<void>;
}

/** One pair of clocks, for as many programs as are started with its environment. */
export interface VirtualClock {
  /** These programs follow what `advance` says. */
  readonly env: Readonly<Record<string, string>>;
  /** This one program leaps over whatever time nothing happens in. */
  leaping(
    script: readonly ClockEvent[],
    witness: string,
    late: Pick<ClockOrder, "lateFrom" | "lateBy">,
  ): Readonly<Record<string, string>>;
  /** Ms by which the wall and the monotonic clock go on at once. */
  advance(by: { readonly wall: number; readonly monotonic: number }): void;
  /** From the start all live in another time: this one, in ms since the epoch. */
  beginAt(wall: number): void;
  /** The time that everybody else lives in, ms since the epoch. */
  trueNow(): number;
  /** What the program that leaps has told. */
  samples(): Promise<readonly Sample[]>;
  remove(): Promise<void>;
}

/** Bundles the preloaded piece. */
export async function createClockShim(): Promise<ClockShim> {
  const piece = await bundle(new URL("./shim.ts", import.meta.url));
  return { clock: () => createClock(piece.path), remove: () => piece.remove() };
}

async function createClock(piece: string): Promise<VirtualClock> {
  const folder = await mkdtemp(join(tmpdir(), "pilot-light-clock-"));
  const path = join(folder, "offsets");
  const log = join(folder, "log");
  const values = new Float64Array(OFFSETS.count);
  const bytes = new Uint8Array(values.buffer);
  await writeFile(path, bytes);
  await writeFile(log, "");
  const file = openSync(path, "r+");
  const environment = (order: ClockOrder): Record<string, string> => ({
    NODE_OPTIONS: `--import=${pathToFileURL(piece).href}`,
    PILOT_LIGHT_TEST_CLOCK: JSON.stringify(order),
  });
  return {
    env: environment({ mode: "follow", offsets: path, script: [], log: null, witness: null, ...PUNCTUAL }),
    leaping: (script, witness, late) => environment({ mode: "leap", offsets: path, script, log, witness, ...late }),
    advance({ wall, monotonic }) {
      values[OFFSETS.wall] = (values[OFFSETS.wall] ?? 0) + wall;
      values[OFFSETS.monotonic] = (values[OFFSETS.monotonic] ?? 0) + monotonic;
      writeSync(file, bytes, 0, bytes.length, 0);
    },
    beginAt(wall) {
      values[OFFSETS.wall] = values[OFFSETS.true] = wall - Date.now();
      writeSync(file, bytes, 0, bytes.length, 0);
    },
    trueNow() {
      readSync(file, bytes, 0, bytes.length, 0);
      return Date.now() + (values[OFFSETS.true] ?? 0);
    },
    async samples() {
      const lines = (await readFile(log, "utf8")).split("\n").filter((line) => line !== "");
      return lines.map((line) => JSON.parse(line) as Sample);
    },
    async remove() {
      closeSync(file);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
