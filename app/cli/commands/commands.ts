import type { CommandResult, Engine } from "../../keeper/api.ts";
import { UserError } from "../../shared/data/errors.ts";
import { exitCodeOf, oursOf } from "../../shared/login/rules.ts";
import type { Snapshot } from "../../shared/login/snapshot.ts";
import { summaryOf } from "../../shared/login/story.ts";
import type { Source } from "../../shared/settings.ts";
import { endedUnnamed, idNeeded, unknownId, whichLogin } from "../../shared/words/commands.ts";
import { NO_HISTORY, publicEvent, summarySentence } from "../../shared/words/history.ts";
import { unknownCopy } from "../../shared/words/kept.ts";
import { visible } from "../../shared/words/visible.ts";
import type { EngineCommand, Invocation } from "../arguments.ts";
import type { Output } from "../output.ts";
import type { Ask } from "../question.ts";
import { historyText } from "../text/history.ts";
import { jsonDocument } from "../text/json.ts";
import { fileProblem, statusText } from "../text/table.ts";
import type { Work } from "./demo.ts";
import { checkRescueId, rescue } from "./rescue.ts";
import { keptText, lineWidth, show } from "./status.ts";

export interface CommandContext {
  readonly engine: Engine;
  /** One that only looks, made anew: while a command stays, the key of our notes may come, and a link may move. */
  readonly lookAnew: () => Promise<Pick<Engine, "status" | "keptCopies">>;
  readonly output: Output;
  /** Wall clock, ms. */
  readonly now: () => number;
  /** Who named the credential file. */
  readonly authFileFrom: Source;
  /** Aborted by Ctrl+C and the like: nothing new starts. */
  readonly signal: AbortSignal;
  /** Resolves after `ms`, or at once when `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** null = nobody can be asked. */
  readonly ask: Ask | null;
}

/** Every command of an engine but `run`, which lives on, and `doctor`, which asks for more than the engine knows. */
export type OneShot = Invocation & { readonly command: Exclude<EngineCommand, "run" | "doctor"> };

/**
 * Carries out one command and says what came of it. Logins are named by their IDs (`withIds`).
 * @returns the exit code, as README.md lists them.
 * @throws UserError for an ID that is not there, or a file that cannot be read.
 */
export async function runCommand(asked: OneShot, context: CommandContext): Promise<number> {
  const { engine, signal } = context;
  switch (asked.command) {
    case "status":
    case "accounts":
      return show(asked, context);
    case "history":
      return history(asked, context);
    case "refresh":
      return onLogins(asked, context, (ids, tell) => refresh(engine, asked, ids, { signal, tell }), true);
    case "ping":
      return onLogins(asked, context, (ids) => engine.ping(ids, signal), true);
    case "pause":
      return onLogins(asked, context, (ids) => pause(asked, context, ids), false);
    case "resume":
      return onLogins(asked, context, (ids) => engine.resume(ids), false);
    case "allow":
      return onLogins(asked, context, async () => [await engine.allow(onlyId(asked), signal)], true);
    case "disallow":
      return onLogins(asked, context, async () => [await engine.disallow(onlyId(asked))], false);
    case "rescue":
      return rescue(asked, context);
    case "forget":
      return forget(asked, context);
    default:
      return asked.command satisfies never;
  }
}

/** Does this command write nothing, given the file as it stands? @throws UserError for an ID that is not there. */
export async function onlyLooks(asked: Work, engine: Engine): Promise<boolean> {
  const { command } = asked;
  if (command === "run") return false;
  if (command === "status" || command === "accounts" || command === "history" || command === "doctor") return true;
  if (command === "forget") {
    await checkForgetId(engine, onlyId({ ...asked, command }));
    return false;
  }
  if (command === "rescue") {
    const [id] = asked.ids;
    if (id !== undefined) await checkRescueId(engine, id);
    return id === undefined;
  }
  return idsOf({ ...asked, command }, await engine.status()) === null;
}

// ---- commands on logins ----------------------------------------------------------------------------------------------

type Ids = readonly string[] | "all";

/** @param judged does the state of those logins decide the exit code? A pause has done its work in any state. */
async function onLogins(
  asked: OneShot,
  context: CommandContext,
  act: (ids: Ids, tell: (result: CommandResult) => void) => Promise<readonly CommandResult[]>,
  judged: boolean,
): Promise<number> {
  const { engine, output, authFileFrom } = context;
  const before = await engine.status();
  const ids = idsOf(asked, before);
  if (ids === null) {
    if (asked.json) output.out(jsonDocument({ version: 1, results: [] }));
    else output.out(statusText(before, { width: output.width(), colour: output.colour, authFileFrom }));
    return 0;
  }
  const told = new Set<string>();
  const count = ids === "all" ? before.accounts.length : ids.length;
  const say = ({ id, sentence }: CommandResult) => {
    told.add(id);
    if (asked.json) return;
    const place =
      output.terminal && count > 1 && asked.command === "refresh" ? `Refreshing ${told.size} of ${count}: ` : "";
    output.out(`${place}${visible(id)}: ${visible(sentence)}\n`);
  };
  const results = await act(ids, say);
  for (const result of results) if (!told.has(result.id)) say(result);
  const after = await engine.status();
  const stateOf = (id: string) => after.accounts.find((login) => login.id === id)?.state ?? null;
  if (asked.json) {
    const shown = results.map(({ id, sentence }) => ({ id, sentence, state: stateOf(id) }));
    output.out(jsonDocument({ version: 1, results: shown }));
  }
  if (after.file.problem !== null && judged) throw fileProblem(after);
  if (!judged) return 0;
  const code = exitCodeOf(
    after,
    after.accounts.filter(({ id }) => ids === "all" || ids.includes(id)),
  );
  return code === 0 && results.some(({ notNow }) => notNow === true) ? 3 : code;
}

/**
 * Which logins are meant; null = there is none, and none was named.
 * @throws UserError where that cannot be said.
 */
function idsOf(asked: OneShot, snapshot: Snapshot): Ids | null {
  const { accounts: logins, file } = snapshot;
  // Pings can be paused for all logins, those to come included, whatever the file looks like now.
  if (asked.all && (asked.command === "pause" || asked.command === "resume")) return "all";
  if (file.problem !== null) throw fileProblem(snapshot);
  const known = logins.map(({ id }) => id);
  for (const id of asked.ids) if (!known.includes(id)) throw new UserError(unknownId(id, logins), 2);
  if (asked.ids.length > 0) return asked.ids;
  if (known.length === 0) return null;
  if (asked.all) return "all";
  // A login that we leave alone is not what an unnamed one means.
  const ours = oursOf(logins);
  const meant = ours.length > 0 ? ours : logins;
  if (meant.length === 1) return meant.map(({ id }) => id);
  throw new UserError(whichLogin(meant), 2);
}

function onlyId(asked: OneShot): string {
  const [id] = asked.ids;
  if (id === undefined) throw new UserError(idNeeded(asked.command), 2);
  return id;
}

/** A login that has ended is tried once more only if it was named: an attempt on it is asked for, never implied. */
async function refresh(
  engine: Engine,
  asked: Invocation,
  ids: Ids,
  { signal, tell }: { readonly signal: AbortSignal; readonly tell: (result: CommandResult) => void },
): Promise<readonly CommandResult[]> {
  const [only] = ids;
  if (ids !== "all" && asked.ids.length === 0 && only !== undefined) {
    const login = (await engine.status()).accounts.find(({ id }) => id === only);
    if (login?.state === "signIn") return [{ id: only, sentence: endedUnnamed(login) }];
  }
  return engine.refresh(ids, signal, tell);
}

async function pause(asked: Invocation, { engine, now }: CommandContext, ids: Ids): Promise<readonly CommandResult[]> {
  return engine.pause(ids, asked.pauseMs === null ? null : now() + asked.pauseMs);
}

// ---- removed logins --------------------------------------------------------------------------------------------------

async function forget(asked: OneShot, { engine, output, signal }: CommandContext): Promise<number> {
  const { id, sentence } = await engine.forget(onlyId(asked), signal);
  if (asked.json) output.out(jsonDocument({ version: 1, results: [{ id, sentence, state: null }] }));
  else output.out(`${visible(id)}: ${visible(sentence)}\n`);
  return 0;
}

/** A wrong ID is found before anything is made; the engine judges the others. */
async function checkForgetId(engine: Engine, id: string): Promise<void> {
  const kept = (await engine.keptCopies()).map((copy) => copy.id);
  const present = (await engine.status()).accounts.map((login) => login.id);
  if (kept.includes(id) || present.includes(id) || (await engine.history(id)).length > 0) return;
  throw new UserError(unknownCopy(id, kept), 2);
}

// ---- history ---------------------------------------------------------------------------------------------------------

async function history(asked: Invocation, { engine, output, now }: CommandContext): Promise<number> {
  const [id] = asked.ids;
  const all = await engine.history(id ?? null);
  if (id !== undefined && all.length === 0) await checkHistoryId(engine, id);
  const events = asked.lines === null ? all : all.slice(Math.max(0, all.length - asked.lines));
  if (asked.json) output.out(jsonDocument({ version: 1, events: events.map(publicEvent) }));
  else if (all.length === 0) output.out(`${NO_HISTORY}\n`);
  else {
    const summary = id === undefined ? null : summaryOf(all);
    if (summary !== null) output.out(`${summarySentence(summary, now())}\n`);
    output.out(historyText(events, { width: lineWidth(output) }));
    const kept = await engine.keptCopies();
    output.out(
      keptText(
        kept.filter((copy) => id === undefined || copy.id === id),
        now(),
        output,
      ),
    );
  }
  return 0;
}

/** A login without a history is no mistake, a wrong ID is; logins that are gone have one, too. */
async function checkHistoryId(engine: Engine, id: string): Promise<void> {
  const { accounts: present } = await engine.status();
  const past = (await engine.history(null)).map((event) => ({ id: event.id, label: "" }));
  const known = new Map([...past, ...present].map((login) => [login.id, login]));
  if (!known.has(id)) throw new UserError(unknownId(id, [...known.values()]), 2);
}
