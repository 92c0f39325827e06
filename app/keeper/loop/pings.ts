import type { HttpAnswer } from "../../ports/http.ts";
import type { PingReading, PlannedRequest, Provider } from "../../ports/provider.ts";
import { lookUp, withEntry } from "../../shared/data/by-id.ts";
import { plainReason } from "../../shared/data/errors.ts";
import type { HistoryEvent } from "../../shared/login/history.ts";
import type { PingHeld, PingWhy } from "../../shared/login/ping.ts";
import { noticeLeft } from "../../shared/login/ping-notice.ts";
import type { PingMode, PingOutcome } from "../../shared/login/snapshot.ts";
import type { LoginStateName } from "../../shared/login/states.ts";
import { pingStopSentence } from "../../shared/words/commands.ts";
import type { EngineContext } from "../context.ts";
import { assess } from "../decide/assess.ts";
import type { Facts } from "../decide/facts.ts";
import { valueOf } from "../notes/notes.ts";
import { PATHS } from "../notes/paths.ts";
import { dayOf, loadPings, NO_PINGS, type PingNote, savePings, tokensOfDay } from "../notes/ping-notes.ts";
import { gatherFacts } from "../refresh/gather.ts";

const AGAIN_MS = 5_000;
const CONNECT_MS = 15_000;
const ANSWER_MS = 30_000;
const MAX_ANSWER_BYTES = 256 * 1024;

export interface PingResult {
  readonly outcome: PingOutcome;
  readonly mode: PingMode;
  /** Why it was skipped, or what came of it. */
  readonly why: PingWhy;
  /**
   * Skipped only for now (the notice about pings is young, or the system falls asleep): ms until then, at most a minute; else
   * null.
   */
  readonly againMs: number | null;
}

/**
 * Pings one login, or says why not. It never changes the login's health; a refused access token only makes it due, once a
 * generation. `asked` = a person asked for this ping: the notice, a pause and the login's state do not hold it.
 */
export async function pingLogin(
  context: EngineContext,
  id: string,
  asked: boolean,
  signal: AbortSignal,
): Promise<PingResult> {
  const facts = await gatherFacts(context);
  const chosen = choosePing(context, facts, id, asked);
  if (!("mode" in chosen)) {
    const { mode } = context.ping();
    if (chosen.worthNoting) await noteSkipped(context, id, mode);
    return { outcome: "skipped", mode, why: { kind: chosen.why }, againMs: chosen.againMs ?? null };
  }
  const { mode, provider, access, request, fp, target } = chosen;
  if (context.power.leaving()) return { outcome: "skipped", mode, why: { kind: "leaving" }, againMs: AGAIN_MS };
  const answer = await ask(context, request, signal);
  if (signal.aborted) return { outcome: "skipped", mode, why: { kind: "stopped" }, againMs: null };
  const reading = provider.readPing(mode, answer);
  const now = context.clock.now();
  await setNote(context, id, (note) => ({
    day: dayOf(now),
    tokens: tokensOfDay(note, now) + reading.tokens,
    last: { at: now, outcome: reading.outcome, mode },
    ...(reading.stopMessages !== null
      ? { stopped: { why: pingStopSentence(reading.stopMessages), model: target, stop: reading.stopMessages } }
      : note?.stopped?.model === target
        ? { stopped: note.stopped }
        : {}),
    ...(reading.outcome === "unauthorized" && access !== "" ? { refusedFp: fp } : {}),
  }));
  await tell(context, { at: now, id, outcome: reading.outcome, mode, fp });
  if (reading.outcome === "ok") context.log.info("keepalive ping successful", { recordId: id });
  else context.log.warn("keepalive ping not successful", { recordId: id, outcome: reading.outcome });
  return { outcome: reading.outcome, mode, why: whyOf(reading), againMs: null };
}

/** Is a login in this state pinged by itself? */
export function pingedUnasked(state: LoginStateName): boolean {
  return state === "healthy" || state === "due";
}

/** Logins that a keeper pings by itself now. */
export function pingable(facts: Facts): readonly string[] {
  return facts.managed
    .filter((managed) => managed.entry.pair.access !== "" && pingedUnasked(assess(facts, managed).state.name))
    .map(({ entry }) => entry.id);
}

function whyOf({ outcome, stopMessages }: PingReading): PingWhy {
  if (stopMessages !== null) return { kind: "messagesStopped", stop: stopMessages };
  return { kind: outcome === "skipped" ? "stopped" : outcome };
}

interface Chosen {
  readonly mode: Exclude<PingMode, "off">;
  readonly provider: Provider;
  readonly access: string;
  readonly fp: string;
  readonly request: PlannedRequest;
  /** What message pings ask, as the provider names it: under this a stop holds. */
  readonly target: string;
}

interface NoPing {
  readonly why: PingHeld;
  /** It would have left, but for the daily limit, or someone asked for it. */
  readonly worthNoting?: boolean;
  /** As in `PingResult`. */
  readonly againMs?: number;
}

function choosePing(context: EngineContext, facts: Facts, id: string, asked: boolean): Chosen | NoPing {
  const managed = facts.managed.find(({ entry }) => entry.id === id);
  const provider = managed === undefined ? undefined : context.providers.get(managed.entry.provider);
  if (managed === undefined || provider === undefined || managed.fp === null) return { why: "noLogin" };
  const { mode, chosen } = context.ping();
  if (mode === "off") return { why: "off", worthNoting: asked };
  const state = assess(facts, managed).state.name;
  if (!asked && state === "paused") return { why: "paused" };
  const { access } = managed.entry.pair;
  if (access === "") return { why: "noAccess" };

  const note = lookUp(facts.pings.logins, id);
  const target = provider.pingTarget();
  const stopped = note?.stopped?.model === target;
  const used = tokensOfDay(note, facts.now);
  const effective = mode === "message" && stopped ? "profile" : mode;
  if (effective === "message") {
    if (used >= facts.settings.ping.dailyTokens) return { why: "dailyLimit", worthNoting: true };
    const left = noticeLeft(facts.settings.pingNoticeAt, facts.now);
    if (!chosen && left > 0 && !asked) return { why: "noticeYoung", againMs: left };
  }
  const request = provider.pingRequest(effective, access);
  if (request === null) return { why: "noSuchPing" };
  return { mode: effective, provider, access, fp: managed.fp, request, target };
}

/** In the queue of the notes: two that write at once would write over each other. */
function tell(
  context: EngineContext,
  { at, id, outcome, mode, fp }: Pick<Chosen, "mode" | "fp"> & { at: number; id: string; outcome: PingOutcome },
): Promise<void> {
  const event: HistoryEvent = { at, id, by: "us", what: { kind: "pinged", outcome, mode }, fingerprint: fp };
  return context.pingNotes(() => context.history.append([event]));
}

function noteSkipped(context: EngineContext, id: string, mode: PingMode): Promise<void> {
  const at = context.clock.now();
  return setNote(context, id, (note) => ({
    ...(note ?? { day: dayOf(at), tokens: 0 }),
    last: { at, outcome: "skipped", mode },
  }));
}

async function ask(context: EngineContext, request: PlannedRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const connection = await context.http.connect(request.url, { timeoutMs: CONNECT_MS, signal });
  if (connection.kind === "notSent") return connection;
  try {
    return await connection.send({ ...request, timeoutMs: ANSWER_MS, maxBytes: MAX_ANSWER_BYTES, signal });
  } finally {
    connection.close();
  }
}

async function setNote(
  context: EngineContext,
  id: string,
  change: (note: PingNote | undefined) => PingNote,
): Promise<void> {
  const path = PATHS.pings(context.folder);
  const note = async () => {
    await context.files.makeFolders(context.folder);
    const pings = valueOf(await loadPings(context.files, path), NO_PINGS);
    const next = { version: 1 as const, logins: withEntry(pings.logins, id, change(lookUp(pings.logins, id))) };
    await savePings(context.files, path, next, context.random);
  };
  try {
    await context.pingNotes(note);
  } catch (error) {
    context.log.warn("a ping could not be written down", { recordId: id, reason: plainReason(error) });
  }
}
