import type { ProviderInUse } from "../../assemble/assemble.ts";
import type { Engine, Role, RunListener } from "../../keeper/api.ts";
import { pingedUnasked } from "../../keeper/loop/pings.ts";
import type { SettingsStore } from "../../ports/settings.ts";
import { UserError } from "../../shared/data/errors.ts";
import type { HistoryEvent } from "../../shared/login/history.ts";
import { exitCodeOf } from "../../shared/login/rules.ts";
import type { PingMode, Snapshot } from "../../shared/login/snapshot.ts";
import { baseline } from "../../shared/login/transitions.ts";
import type { Source } from "../../shared/settings.ts";
import { historyWords } from "../../shared/words/history.ts";
import {
  noticeNotNoted,
  PING_CHOICES,
  pingNotice,
  RUN_WORDS,
  runHead,
  stillDue,
  viewerNews,
} from "../../shared/words/run.ts";
import { clockSeconds } from "../../shared/words/times.ts";
import { visible } from "../../shared/words/visible.ts";
import type { Output } from "../output.ts";
import { cellWidth, pad, wrap } from "../text/cells.ts";
import { jsonDocument, jsonLine } from "../text/json.ts";
import { type ProgressLine, progress } from "../text/progress.ts";
import { statusText } from "../text/table.ts";

export interface RunContext {
  readonly engine: Engine;
  readonly output: Output;
  readonly settings: SettingsStore;
  readonly now: () => number;
  readonly version: string;
  /** Absolute. */
  readonly authFile: string;
  /** Who named it. */
  readonly authFileFrom: Source;
  /** Absolute. */
  readonly stateDir: string;
  readonly ping: { readonly mode: PingMode; readonly source: Source };
  /** Whom message pings ask, and where, for people. */
  readonly providers: () => readonly Pick<ProviderInUse, "apiUrl" | "pingTarget">[];
  /** JSON lines even on a terminal. */
  readonly json: boolean;
  /** Aborted at the first SIGINT, SIGTERM or SIGHUP. */
  readonly stop: AbortSignal;
  /** Calls for each further one. Returns the end of it. */
  readonly onFurtherSignal: (listener: () => void) => () => void;
  /** Listens for the system's sleep; calls when it woke up. Returns the end of it. */
  readonly listenForSleep: (onWake: () => void) => () => void;
}

const SLOW_STOP_MS = 1_000;
const SERVICE = "auth.keepalive";
const COMMAND_WIDTH = Math.max(...PING_CHOICES.map(({ command }) => cellWidth(command)));

/** Keeps logins alive until `stop`, or shows the one that does. @returns the exit code. */
export async function keepAlive(context: RunContext): Promise<number> {
  const { engine, stop } = context;
  const say = speaker(context);
  banner(context, say);
  const running = await engine.run(listener(context, say));
  const unheard = context.listenForSleep(() => running.wake());
  await aborted(stop);
  unheard();
  say({ level: "info", id: null, msg: RUN_WORDS.stopping, fields: {} });
  const wait = () => say({ level: "info", id: null, msg: RUN_WORDS.waiting, fields: {} });
  const slow = setTimeout(wait, SLOW_STOP_MS);
  const quiet = context.onFurtherSignal(wait);
  try {
    await running.stop();
  } finally {
    clearTimeout(slow);
    quiet();
  }
  return 0;
}

/** One full pass, then the status. @returns the exit code of the status, or 3 where the pass left a login due. */
export async function onePass(context: RunContext): Promise<number> {
  const { engine, output, stop, authFileFrom } = context;
  const { snapshot, left } = await engine.runOnce({ onEvent: () => undefined }, stop);
  // In front of the table, and never inside the JSON document.
  if (hasPinged(snapshot))
    tellPings(
      context,
      context.json ? (text) => output.err(text) : (text) => output.out(text),
      RUN_WORDS.firstPing.onePass,
    );
  if (context.json) output.out(jsonDocument(snapshot));
  else output.out(statusText(snapshot, { width: output.width(), colour: output.colour, authFileFrom }));
  const code = exitCodeOf(snapshot);
  if (code !== 0) return code;
  for (const id of left) output.err(`${visible(stillDue(id))}\n`);
  return left.length > 0 ? 3 : 0;
}

type Say = (line: ProgressLine) => void;
/** How a keeper speaks: where, when, and whether to a program. */
export type Speech = Pick<RunContext, "output" | "now" | "json">;

/** Plain lines for people on a terminal, JSON lines for programs; never both on one stream. */
export function speaker(context: Speech): Say {
  const { output, now } = context;
  if (isPlain(context)) {
    return ({ id, msg }) =>
      output.out(`${clockSeconds(now())}  ${id === null ? "" : `${visible(id)}  `}${visible(msg)}\n`);
  }
  return ({ level, id, msg, fields }) =>
    output.out(
      jsonLine({
        time: new Date(now()).toISOString(),
        level,
        service: SERVICE,
        msg,
        ...(id === null ? {} : { recordId: id }),
        ...fields,
      }),
    );
}

/** Does it speak to a person? */
export function isPlain({ output, json }: Pick<Speech, "output" | "json">): boolean {
  return output.terminal && !json;
}

function banner(context: RunContext, say: Say): void {
  const { output, version, authFile, stateDir } = context;
  if (isPlain(context)) {
    output.out(`${runHead(version, visible(authFile), visible(stateDir))}\n\n`);
  } else {
    say({ level: "info", id: null, msg: RUN_WORDS.watching, fields: { version, authFile, stateDir } });
  }
}

function listener(context: RunContext, say: Say): RunListener {
  let role: Role["name"] | null = null;
  let last: Snapshot | null = null;
  let noticed = false;
  const show = isPlain(context)
    ? (text: string) => context.output.out(`\n${text}\n`)
    : (_text: string, sentences: string) => say({ level: "info", id: null, msg: sentences, fields: {} });
  return {
    onRole(next) {
      if (next.name === "keeper") {
        say({ level: "info", id: null, msg: RUN_WORDS.keeping, fields: { role: "keeper" } });
      } else {
        say({
          level: "info",
          id: null,
          msg: viewerNews(next.keeperPid),
          fields: { role: "viewer", keeperPid: next.keeperPid },
        });
      }
      role = next.name;
    },
    onSnapshot(snapshot) {
      const now = baseline(last, snapshot);
      for (const line of progress(last, now, { others: role !== "keeper", authFileFrom: context.authFileFrom }))
        say(line);
      last = now;
      // Without a login it would be about nothing, and count as read when the first one comes.
      if (role !== "keeper" || noticed || !hasPinged(snapshot)) return;
      noticed = true;
      tellPings(context, show, RUN_WORDS.firstPing.keeper);
    },
    onEvent(event) {
      // What we and the provider did shows in the snapshots.
      if (event.by === "another writer" || event.by === "the user") say(eventLine(event));
    },
  };
}

function eventLine({ id, by, what, fingerprint }: HistoryEvent): ProgressLine {
  return {
    level: "info",
    id,
    msg: historyWords(what),
    fields: { by, ...(what.kind === "told" ? {} : { kind: what.kind }), fingerprint },
  };
}

/** Is there a login that is pinged by itself? */
function hasPinged({ accounts: logins }: Snapshot): boolean {
  return logins.some(({ state }) => pingedUnasked(state));
}

/**
 * Told once for each install, unless the mode was chosen: that counts as having read it.
 * @param show takes it as lines for people, and as one line.
 */
function tellPings(context: RunContext, show: (text: string, sentences: string) => void, first: string): void {
  const { ping, settings, output, providers, now } = context;
  if (ping.mode !== "message" || ping.source !== "default") return;
  const { pingNoticeAt, ping: own } = settings.read();
  if (own.mode !== undefined || pingNoticeAt !== undefined) return;
  const notice = pingNotice(providers(), own.dailyTokens, first);
  const lines = PING_CHOICES.map(({ command, costs }) => `  ${pad(command, COMMAND_WIDTH)}  ${costs}`);
  const sentences = `${notice} ${PING_CHOICES.map(({ command, costs }) => `"${command}" (${costs})`).join(", ")}.`;
  show(`${[...wrap(visible(notice), output.width()), ...lines].join("\n")}\n`, sentences);
  try {
    settings.update((before) => ({ ...before, pingNoticeAt: before.pingNoticeAt ?? now() }));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    output.err(`${visible(noticeNotNoted(error.message))}\n`);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
