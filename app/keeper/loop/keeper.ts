import type { HeldLock } from "../../ports/lock.ts";
import { nameOf, plainReason, UserError } from "../../shared/data/errors.ts";
import type { Snapshot } from "../../shared/login/snapshot.ts";
import type { RunListener } from "../api.ts";
import { type EngineContext, KEEPER_SILENCE_MS } from "../context.ts";
import type { Facts } from "../decide/facts.ts";
import { type KeeperInfo, project, projectProblem } from "../decide/snapshot.ts";
import { KEEPING, nextWorkAt, workOf } from "../decide/work.ts";
import { PATHS } from "../notes/paths.ts";
import { eraseOverdue } from "../refresh/erase.ts";
import { type GatherOptions, gatherFacts } from "../refresh/gather.ts";
import type { PassResult } from "../refresh/pass.ts";
import { runPass } from "../refresh/transaction.ts";
import type { KeeperInputs } from "./changes.ts";
import { createPingRounds, type PingRounds } from "./ping-rounds.ts";
import { hasUnsent, PROBE_MS, probe } from "./probe.ts";
import { publish } from "./publish.ts";
import { createRunningNotes } from "./running-notes.ts";
import { watchClock } from "./wake.ts";

const HOUR = 3_600_000;
const SETTLE_MS = 3_000;
/** A pass that could not finish its work is repeated after this, doubling to 20 s: a token may wait for room in the file. */
const REPEAT_MS = 1_000;
const MAX_REPEAT_MS = 20_000;
const TROUBLE_MS = 60_000;
/** While the system is about to leave: should no word of its return come, it is seen so soon. */
const LEAVING_LOOK_MS = 5_000;

/**
 * Keeps the logins of one file alive until it is stopped, or another keeper took over. One loop, one armed timer: facts from
 * disk, decisions, at most one pass, pings, then sleep until the next due time or event.
 *
 * @param lastSeen when the keeper before it last showed life (wall ms); null = not known.
 * @returns why it ended.
 */
export async function keep(
  context: EngineContext,
  listener: RunListener,
  role: HeldLock,
  inputs: KeeperInputs,
  lastSeen: number | null = null,
): Promise<"stopped" | "takenOver"> {
  const { clock } = context;
  const claim = await context.lock.peek(PATHS.keeperLock(context.folder), KEEPER_SILENCE_MS);
  const info: KeeperInfo = claim ?? { pid: context.processes.self().pid, since: clock.now() };
  // What runs beside the loop ends with it, however it ends.
  const ending = new AbortController();
  const end = () => ending.abort();
  if (inputs.stop.aborted) end();
  inputs.stop.addEventListener("abort", end);
  const beside: KeeperInputs = { changed: inputs.changed, stop: ending.signal };
  const pings = createPingRounds(context, beside);
  const running = createRunningNotes(context, role);
  const watching = watchClock({
    clock,
    signal: ending.signal,
    onJump: (_ms, before) => {
      void running.stoodStill(before);
      inputs.changed.raise("wake");
    },
  });
  try {
    await running.begin(lastSeen);
    const why = await loop(context, listener, role, inputs, { info, pings, beside });
    end();
    await pings.stopped();
    if (why === "stopped") {
      await goodbye(context).catch((error: unknown) =>
        context.log.warn("the last status could not be written", { reason: plainReason(error) }),
      );
    }
    return why;
  } finally {
    end();
    inputs.stop.removeEventListener("abort", end);
    await watching;
    await running.end();
  }
}

interface Beside {
  readonly info: KeeperInfo;
  readonly pings: PingRounds;
  /** As the keeper's inputs, but stopped as soon as the keeper has ended for any reason. */
  readonly beside: KeeperInputs;
}

async function loop(
  context: EngineContext,
  listener: RunListener,
  role: HeldLock,
  inputs: KeeperInputs,
  { info, pings, beside }: Beside,
): Promise<"stopped" | "takenOver"> {
  const { clock, power } = context;
  let known: GatherOptions = {};
  let repeat = 0;
  let notBefore = 0;
  let settled = 0;
  let seen = "";
  let fresh = true;
  let nextProbe = 0;
  const { path } = context.credentialFile;
  const tell = async (snapshot: Snapshot) => {
    listener.onSnapshot(snapshot);
    await publish(context, snapshot);
  };
  const show = async (facts: Facts) => tell(project(facts, path, context.providers, info));

  while (!inputs.stop.aborted) {
    if (!(await role.stillOurs())) return "takenOver";
    const changes = inputs.changed.take();
    if (changes.has("wake")) {
      context.log.info("woke up, what is due follows", { settleMs: SETTLE_MS });
      settled = nextProbe = clock.monotonic() + SETTLE_MS;
    }
    if (changes.has("online")) known = { ...known, networkBackAt: clock.now() };
    let wait = HOUR;
    try {
      context.checkFolders();
      let { facts, isWork } = await look(context, known);
      await show(facts);
      // Our own lock and temp file raise events, too: only new content is a reason not to wait.
      if (contentOf(facts) !== seen || changes.has("settings")) repeat = notBefore = 0;
      seen = contentOf(facts);
      if (facts.reading.kind === "missing" && isWork) {
        if (notBefore <= clock.monotonic()) {
          await eraseOverdue(context, inputs.stop);
          ({ facts, isWork } = await look(context, known));
          // Another process holds the lock, or the disk does not take it.
          if (isWork) notBefore = clock.monotonic() + MAX_REPEAT_MS;
        }
      } else if (isWork || (fresh && facts.reading.kind === "good")) {
        // The first pass also clears away what a process that died left behind.
        if (Math.max(notBefore, settled) <= clock.monotonic() && !power.leaving()) {
          const result = await runPass(context, {
            ...KEEPING,
            lockWaitMs: 60_000,
            networkBackAt: known.networkBackAt,
            signal: inputs.stop,
            onEvents: (events) => events.forEach((event) => listener.onEvent(event)),
            onChange: show,
          });
          fresh = false;
          known = { ...known, trouble: troubleOf(result, clock.now()) };
          ({ facts, isWork } = await look(context, known));
          await show(facts);
          repeat = isWork ? Math.min(Math.max(repeat * 2, REPEAT_MS), MAX_REPEAT_MS) : 0;
          notBefore = Math.max(notBefore, clock.monotonic() + repeat);
        }
      } else repeat = 0;
      wait = isWork ? Math.max(notBefore, settled) - clock.monotonic() : nextWorkAt(facts) - clock.now();
      // A time that has come and yet means no work is a defect; it must not make us spin.
      if (wait <= 0 && !isWork) wait = MAX_REPEAT_MS;
      if (power.leaving()) wait = LEAVING_LOOK_MS;
      else if (hasUnsent(facts)) {
        if (clock.monotonic() >= nextProbe) {
          nextProbe = clock.monotonic() + PROBE_MS;
          void probe(context, facts, beside);
        }
        wait = Math.min(wait, nextProbe - clock.monotonic());
      }
      if (!power.leaving()) wait = Math.min(wait, pings.start(facts));
    } catch (error) {
      const reason = error instanceof UserError ? error.message : plainReason(error);
      context.log.error("something went wrong, it is tried again", { reason, error: nameOf(error) });
      if (error instanceof UserError) await tell(projectProblem(reason, clock.now(), path, info));
      wait = REPEAT_MS * 10;
    }
    await inputs.changed.wait(clock, Math.min(Math.max(wait, 50), HOUR), inputs.stop);
  }
  return "stopped";
}

/** Reads all facts, and asks once whether they mean work. @throws as `gatherFacts`. */
async function look(
  context: EngineContext,
  known: GatherOptions,
): Promise<{ readonly facts: Facts; readonly isWork: boolean }> {
  const facts = await gatherFacts(context, known);
  return { facts, isWork: workOf(facts).length > 0 };
}

/** The last status says that nobody keeps these logins alive any more. */
async function goodbye(context: EngineContext): Promise<void> {
  await publish(context, project(await gatherFacts(context), context.credentialFile.path, context.providers, null));
}

/** Why nothing can be done at all, for a while. Pilot Light tries again after that. */
export function troubleOf(result: PassResult, now: number): GatherOptions["trouble"] {
  const problem = result.kind === "cannot" ? result.problem : result.kind === "done" ? result.notesFailed : null;
  return problem === null ? undefined : { since: now, next: now + TROUBLE_MS, problem };
}

const contentOf = ({ reading }: Facts): string => (reading.kind === "good" ? reading.text : reading.kind);
