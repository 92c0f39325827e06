/** One login, one process that refreshes it, one standstill in the middle; and what became of the login. */
import { setTimeout as pause } from "node:timers/promises";
import { type Cli, type CliHome, createCliHome } from "../../e2e/support/cli.ts";
import { expired, oauthEntry } from "../../e2e/support/entries.ts";
import { textOf } from "../../e2e/support/files.ts";
import { allWaiting } from "../../e2e/support/proc.ts";
import { startTokenServer, type TokenServer } from "../../e2e/support/server/token-server.ts";
import { until } from "../../e2e/support/wait.ts";
import type { ClockShim, VirtualClock } from "../support/clock/clock.ts";
import { look, truthOf } from "../support/look.ts";
import { goOnAfter, signal, standsStill, standstill } from "../support/traced/standstill.ts";
import { type Step, stoppingAt, type Traced } from "../support/traced/steps.ts";
import {
  fileWrongs,
  leftWrongs,
  type Shown,
  sentWrongs,
  shownWrongs,
  type Truth,
  whereIs,
} from "../support/verdict.ts";

export type Victim = "refresh" | "run" | "run --once";

/** Where it stands still. */
export type Point =
  /** The request has reached the server; its whole answer comes while the process stands still. */
  | { readonly kind: "asked" }
  /** Right after this system call. */
  | { readonly kind: "step"; readonly step: Step }
  /** So many ms after it began (a command), or after the login came due (`run`). */
  | { readonly kind: "random"; readonly afterMs: number };

export interface Stall {
  readonly victim: Victim;
  readonly point: Point;
  /** How long, in ms. */
  readonly ms: number;
  /** Which clocks went on: all; the wall clock alone, as in a suspend on Linux; "real" = it is waited for. */
  readonly clocks: "both" | "wall" | "real";
  /** Another process of ours that wants the same login meanwhile. */
  readonly other: "none" | "refresh" | "run --once";
}

export interface Outcome {
  /** false: it had ended before, or never came to this step. */
  readonly stood: boolean;
  readonly lost: boolean;
  readonly reused: boolean;
  /** One line each; none = all well. */
  readonly wrong: readonly string[];
}

/** Time goes on in such steps while another process waits for the one that stands still: it must see the silence. */
const STEP_MS = 5_000;
const STEP_TAKES_MS = 40;
/** By then a lock without a sign of life has changed hands. */
const SILENT_MS = 70_000;
/** A minute, two, four: so long an answer that may be lost is waited for. */
const PASSES = 3;
const PATIENCE_MS = 60_000;
const GATE = "it stands still";

export function told({ victim, point, ms, clocks, other }: Stall): string {
  const where = point.kind === "step" ? `after ${point.step.call} ${point.step.nth}` : point.kind;
  return `${victim}, ${where}, ${ms / 1000} s (${clocks})${other === "none" ? "" : `, meanwhile ${other}`}`;
}

/** Carries one out in a home of its own, then restarts, and judges. */
export async function stallOnce(shim: ClockShim, stall: Stall): Promise<Outcome> {
  const clock = await shim.clock();
  const server = await startTokenServer();
  const home = await createCliHome({ tokenUrl: server.tokenUrl, env: clock.env });
  try {
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    const before = (await textOf(home.authFile)) ?? "";
    const stood = await carryOut(server, home, clock, stall, login.refresh);
    const shown = await restart(home, clock);
    const truth = await truthOf(server, "anthropic", login.refresh);
    const disk = await look(home);
    const wrong = [
      ...sentWrongs(truth, () => 1),
      ...shownWrongs(truth, disk, shown),
      ...fileWrongs(before, [], disk),
      ...leftWrongs(disk),
    ];
    const lost = truth.revoked || whereIs(truth, disk) === "nowhere";
    return { stood, lost, reused: wasReused(truth), wrong: lost && wrong.length === 0 ? ["the login is lost"] : wrong };
  } finally {
    await home.close();
    await server.close();
    await clock.remove();
  }
}

export function wasReused({ chain }: Truth): boolean {
  return chain.some(({ sent }) => sent > 1);
}

async function carryOut(
  server: TokenServer,
  home: CliHome,
  clock: VirtualClock,
  stall: Stall,
  refresh: string,
): Promise<boolean> {
  const { point } = stall;
  const args = stall.victim.split(" ");
  const others: Cli[] = [];
  const meanwhile = async (): Promise<void> => {
    if (stall.other !== "none") {
      const other = home.start(...stall.other.split(" "));
      others.push(other);
      // It may as well be done at once.
      await Promise.race([other.ended, allWaiting([other.pid], 20_000).catch(() => undefined)]);
    }
    await letPass(clock, stall);
  };
  let stood = false;
  let run: Cli;
  switch (point.kind) {
    case "asked": {
      await server.script("token", { kind: "ordinary", gateAfter: GATE });
      run = home.start(...args);
      await server.seen("token", 1);
      stood = await standstill(run.pid, async () => {
        await server.release(GATE);
        await meanwhile();
      });
      break;
    }
    case "random":
      run = home.start(...args);
      await pause(point.afterMs);
      stood = await standstill(run.pid, meanwhile);
      break;
    case "step": {
      const traced = await stoppingAt(home, point.step, args);
      run = traced.run;
      try {
        stood = await standAtStep(traced, meanwhile);
      } catch (error) {
        // strace alone would leave it behind, standing still for ever.
        for (const each of [traced.pid, run.pid]) signal(each, "SIGKILL");
        throw error;
      }
      break;
    }
    default:
      return point satisfies never;
  }
  if (stall.victim === "run") await stopped(server, home, run, refresh);
  await Promise.all([run, ...others].map(({ ended }) => ended));
  return stood;
}

/** The injected signal stops it by itself, and both threads may come to a call of this name and number. @returns whether. */
async function standAtStep({ run, pid }: Traced, meanwhile: () => Promise<void>): Promise<boolean> {
  for (let stood = false; ; stood = true) {
    await until("it stops, or ends", async () => !run.running() || (await standsStill(pid)), PATIENCE_MS);
    if (!run.running()) return stood;
    await goOnAfter(pid, stood ? async () => undefined : meanwhile);
  }
}

/** `run` has done with the login: its new pair stands in the file, or it has said why not. */
async function stopped(server: TokenServer, home: CliHome, run: Cli, refresh: string): Promise<void> {
  await until(
    "run is done with the login",
    async () => {
      const state = (await home.published())?.accounts[0]?.state;
      const newest = (await server.standing(refresh)).newest;
      return (
        (state === "healthy" && (await home.pair())?.refresh === newest) || state === "outcomeUnknown" || !run.running()
      );
    },
    PATIENCE_MS,
  );
  signal(run.pid, "SIGTERM");
}

async function letPass(clock: VirtualClock, { ms, clocks, other }: Stall): Promise<void> {
  if (clocks === "real") {
    await pause(ms);
    return;
  }
  const advance = (by: number): void => clock.advance({ wall: by, monotonic: clocks === "both" ? by : 0 });
  let left = ms;
  if (other !== "none" && clocks === "both") {
    for (let slow = Math.min(ms, SILENT_MS); slow > 0; slow -= STEP_MS) {
      advance(Math.min(STEP_MS, slow));
      left -= Math.min(STEP_MS, slow);
      await pause(STEP_TAKES_MS);
    }
  }
  advance(left);
}

/** What follows: one whole pass, and others when what is to be tried again has come due. */
async function restart(home: CliHome, clock: VirtualClock): Promise<Shown> {
  for (let passes = 1; ; passes += 1) {
    const { code } = await home.run("run", "--once");
    const state = (await home.status()).accounts[0]?.state ?? "none";
    if ((state === "healthy" && code === 0) || passes === PASSES) return { state, exit: code };
    clock.advance({ wall: 120_000, monotonic: 120_000 });
  }
}
