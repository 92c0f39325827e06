import { readText } from "../ports/durable.ts";
import { ALL } from "../shared/all.ts";
import { entriesOf, lookUp, withEntry, withoutEntry } from "../shared/by-id.ts";
import { plainReason, UserError } from "../shared/errors.ts";
import { isUndone } from "../shared/outcome.ts";
import { mayRefresh } from "../shared/rules.ts";
import type { Settings } from "../shared/settings.ts";
import type { Account, Snapshot } from "../shared/snapshot.ts";
import { allowSentence, notDone, refreshSentence, rescueSentence, unknownId } from "../shared/words/commands.ts";
import { addressed } from "../shared/words/state.ts";
import type { CommandResult, Engine, RunListener, RunningKeeper } from "./api.ts";
import { examine } from "./commands/examine.ts";
import { eraseOverdue, forget, forgettable } from "./commands/forget.ts";
import { rescuePair } from "./decide/assess.ts";
import {
  createContext,
  type EngineContext,
  type EngineDeps,
  gatherFacts,
  PATHS,
  type Trouble,
} from "./decide/facts.ts";
import { isOverdue } from "./decide/kept-copies.ts";
import { rescuables } from "./decide/rescue.ts";
import { project } from "./decide/snapshot.ts";
import { createSignal } from "./loop/changes.ts";
import { keep, troubleOf } from "./loop/keeper.ts";
import { pingable, pingLogin } from "./loop/pings.ts";
import { KEEPER_SILENCE_MS, parseStatus } from "./loop/publish.ts";
import { valueOf } from "./notes/notes.ts";
import { loadPings, NO_PINGS, tokensOfDay } from "./notes/ping-notes.ts";
import { type PassRequest, type PassResult, runPass } from "./refresh/pass.ts";

/** The keeper's claim on a file: judged by its heartbeat, never by a pid (design section 3). */
const ROLE = { beatMs: 1_000, silenceMs: KEEPER_SILENCE_MS, pollMs: 300, judgeProcess: false } as const;
const VIEW_MS = 1_000;
const AGAIN_MS = 10_000;
const COMMAND_LOCK_MS = 120_000;
const FOREVER = 2 ** 31 - 1;

/** For who gave no signal: one of its own, so that nothing gathers on it. */
const never = (): AbortSignal => new AbortController().signal;

/** The engine over its ports. Reads and writes nothing until it is asked to. */
export async function createEngine(deps: EngineDeps): Promise<Engine> {
  const context = await createContext(deps);
  const { clock, settings } = deps;

  const status = async (trouble?: Trouble): Promise<Snapshot> => {
    const facts = await gatherFacts(context, { trouble });
    const keeper = await deps.lock.peek(PATHS.keeperLock(context.folder), KEEPER_SILENCE_MS);
    return project(facts, deps.credentialFile.path, deps.providers, keeper);
  };

  const pass = (request: Partial<PassRequest>, signal: AbortSignal): Promise<PassResult> =>
    runPass(context, {
      due: false,
      force: new Map(),
      lockWaitMs: COMMAND_LOCK_MS,
      signal,
      onEvents: () => undefined,
      onChange: async () => undefined,
      ...request,
    });

  /** The accounts named, or all. @throws UserError for an id that the file does not hold. */
  const pick = async (ids: readonly string[] | "all"): Promise<readonly Account[]> => {
    context.checkFolders();
    const { accounts, file } = await status();
    if (file.problem !== null) throw new UserError(`${file.path}: ${file.problem}.`, 4);
    if (ids === "all") return accounts;
    return ids.map((id) => {
      const account = accounts.find((each) => each.id === id);
      if (account === undefined)
        throw new UserError(
          unknownId(
            id,
            accounts.map((each) => each.id),
          ),
          2,
        );
      return account;
    });
  };

  /** The logins as they are now, with what is said of them in words for our reader. */
  const addressedLogins = async (): Promise<readonly Account[]> => {
    const { accounts, generatedAt: now } = await status();
    return accounts.map((account) => {
      const signInHint = deps.providers.get(account.provider)?.signInHint ?? "";
      return addressed(account, { id: account.id, signInHint, now, reader: deps.reader ?? "cli" });
    });
  };

  const setPauses = async (
    ids: readonly string[] | "all",
    until: number | null | undefined,
  ): Promise<readonly CommandResult[]> => {
    const keys = ids === "all" ? [ALL] : (await pick(ids)).map(({ id }) => id);
    const others = (await status()).accounts.map(({ id }) => id).filter((id) => !keys.includes(id));
    settings.update((before) => ({ ...before, pauses: changePauses(before.pauses, keys, others, until) }));
    const sentence = until === undefined ? "Pings go on." : "Pings are paused; refreshing goes on.";
    return keys.map((key) => ({ id: key === ALL ? "all" : key, sentence }));
  };

  const offers = async () => rescuables(await gatherFacts(context), context.file);

  /** What a pass is asked for: to use what stands there, or to put back what is offered. */
  const takingBack = async (id: string, stands: boolean): Promise<Partial<PassRequest>> => {
    if (stands) return { allowOldCopy: id };
    // The same grant may have been signed out under another id: only `rescue`, asked for by name, takes that back (I8).
    const isKept = rescuePair(await gatherFacts(context), id) !== null;
    const offer = isKept ? (await offers()).find((each) => each.id === id) : undefined;
    return offer === undefined ? {} : { rescue: { id, fp: offer.fingerprint } };
  };

  return {
    status: () => status(),

    async runOnce(listener, signal = never()) {
      context.checkFolders();
      await deps.files.makeFolders(context.folder);
      const facts = await gatherFacts(context);
      let trouble: Trouble | undefined;
      if (facts.reading.kind === "good") {
        const result = await pass(
          { due: true, onEvents: (events) => events.forEach((event) => listener.onEvent(event)) },
          signal,
        );
        if (result.kind === "busy")
          throw new UserError(`Another process (${result.owner}) works on the file; try again later.`, 3);
        trouble = troubleOf(result, clock.now());
        for (const id of pingable(await gatherFacts(context))) {
          if (!signal.aborted) await pingLogin(context, id, false, signal);
        }
      } else if (facts.reading.kind === "missing" && isOverdue(facts, context.file)) {
        await eraseOverdue(context, signal);
      }
      return status(trouble);
    },

    async refresh(ids, signal = never()) {
      const accounts = await pick(ids);
      const wanted = accounts.filter(({ state }) => mayRefresh(state, ids !== "all"));
      const before = await gatherFacts(context);
      const force = new Map(
        wanted.map(({ id }) => [id, before.managed.find(({ entry }) => entry.id === id)?.fp ?? null] as const),
      );
      const result = wanted.length === 0 ? null : await pass({ force }, signal);
      const facts = await gatherFacts(context);
      const after = await addressedLogins();
      return accounts.map((account) => {
        const { id } = account;
        const stands = facts.managed.find(({ entry }) => entry.id === id)?.fp ?? null;
        const newer = force.has(id) && stands !== null && stands !== force.get(id);
        const report = { result, newer, after: after.find((each) => each.id === id) };
        const sentence = refreshSentence(account, report);
        return isUndone(account, report) ? { id, sentence, notNow: true } : { id, sentence };
      });
    },

    async ping(ids, signal = never()) {
      const results: CommandResult[] = [];
      for (const { id } of await pick(ids)) {
        await deps.files.makeFolders(context.folder);
        const { outcome, why } = await pingLogin(context, id, true, signal);
        results.push({ id, sentence: `Ping: ${outcome}. ${why}` });
      }
      return results;
    },

    pause: (ids, until) => setPauses(ids, until),
    resume: (ids) => setPauses(ids, undefined),

    async allow(id, signal = never()) {
      const [account] = await pick([id]);
      if (account?.state === "shared") {
        settings.update((before) => ({
          ...before,
          allow: withEntry(before.allow, id, { ...lookUp(before.allow, id), shared: true }),
        }));
        return {
          id,
          sentence: `It is refreshed from now on, although ${account.sharedWith ?? "another program"} uses it too.`,
        };
      }
      if (account?.state === "oldCopy" || account?.state === "wipedElsewhere") {
        const kind = account.state === "oldCopy" ? "oldCopyAllowed" : "copyAskedFor";
        await context.history.append([{ at: clock.now(), id, by: "the user", what: { kind }, fingerprint: null }]);
        const result = await pass({ ...(await takingBack(id, account.state === "oldCopy")), due: true }, signal);
        const after = (await addressedLogins()).find((each) => each.id === id);
        if (result.kind !== "done") return { id, sentence: notDone(result), notNow: true };
        return { id, sentence: allowSentence(account, after, result) };
      }
      return { id, sentence: "There is nothing to allow: this login needs no permission." };
    },

    async disallow(id) {
      await pick([id]);
      settings.update((before) => ({ ...before, allow: withoutEntry(before.allow, id) }));
      return { id, sentence: "It is not refreshed while another program uses it." };
    },

    async tokensToday() {
      const { logins } = valueOf(await loadPings(deps.files, PATHS.pings(context.folder)), NO_PINGS);
      const now = clock.now();
      return Object.fromEntries(entriesOf(logins).map(([id, note]) => [id, tokensOfDay(note, now)]));
    },

    history: (id) => context.history.read(id),
    keptCopies: async () => forgettable(await gatherFacts(context), context.file),
    async forget(id, signal = never()) {
      context.checkFolders();
      return forget(context, id, COMMAND_LOCK_MS, signal);
    },
    rescuables: () => offers(),
    async rescue(offered, signal = never()) {
      const { id, fingerprint: fp } = offered;
      const offer = (await offers()).find((each) => each.id === id && each.fingerprint === fp);
      if (offer === undefined)
        throw new UserError(`What was found of ${id} has changed in the meantime; look again.`, 3);
      if (offer.obstacle !== null) throw new UserError(`Nothing was put back at ${id}: ${offer.obstacle}.`, 1);
      const facts = await gatherFacts(context);
      const stands = facts.managed.some((each) => each.entry.id === id && each.fp === fp);
      await context.history.append([
        { at: clock.now(), id, by: "the user", what: { kind: "copyAskedFor" }, fingerprint: fp },
      ]);
      const result = await pass(stands ? { allowOldCopy: id } : { rescue: { id, fp } }, signal);
      if (result.kind !== "done") throw new UserError(`${id}: ${notDone(result, "put back")}`, 3);
      const left = (await offers()).some((each) => each.id === id && each.fingerprint === fp);
      const after = (await addressedLogins()).find((each) => each.id === id);
      const sentence = rescueSentence(result, left, after);
      return left || after === undefined || result.commitFailed !== null
        ? { id, sentence, notNow: true }
        : { id, sentence };
    },
    examine: () => examine(context),
    run: (listener) => run(context, listener),
  };
}

/** As keeper, or as viewer until the keeper has ended; back to viewer if another took over while we were stopped. */
async function run(context: EngineContext, listener: RunListener): Promise<RunningKeeper> {
  const changed = createSignal();
  const stop = new AbortController();
  const unwatch = [
    context.credentialFile.watch(() => changed.raise("file")),
    context.settings.onChange(() => changed.raise("settings")),
  ];

  const take = async (waitMs: number) =>
    context.lock.acquire(PATHS.keeperLock(context.folder), { ...ROLE, waitMs, signal: stop.signal });
  const once = async (): Promise<void> => {
    context.checkFolders();
    await context.files.makeFolders(context.folder);
    let role = await take(0);
    if (role.kind === "busy") {
      const viewing = new AbortController();
      const view = showKeeper(context, listener, viewing.signal);
      try {
        role = await take(FOREVER);
      } finally {
        viewing.abort();
        await view;
      }
      if (role.kind === "busy") return;
    }
    listener.onRole({ name: "keeper" });
    context.log.info("starting oauth keepalive", { intervalMs: 30 * 60_000 });
    try {
      await keep(context, listener, role, { changed, stop: stop.signal });
    } finally {
      await role.release();
    }
  };
  const main = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        await once();
      } catch (error) {
        const reason = error instanceof UserError ? error.message : plainReason(error);
        context.log.error("the state folder cannot be used, it is tried again", { reason });
        await context.clock.sleep(AGAIN_MS, stop.signal);
      }
    }
  };
  const running = main();
  return {
    stop() {
      stop.abort();
      for (const end of unwatch) end();
      return running;
    },
    wake: () => changed.raise("wake"),
  };
}

/** The viewer: passes on what the keeper publishes. */
async function showKeeper(context: EngineContext, listener: RunListener, signal: AbortSignal): Promise<void> {
  const peek = () => context.lock.peek(PATHS.keeperLock(context.folder), KEEPER_SILENCE_MS);
  listener.onRole({ name: "viewer", keeperPid: (await peek())?.pid ?? null });
  let shown: string | null = null;
  while (!signal.aborted) {
    const text = await readText(context.files, PATHS.fileStatus(context.folder)).catch(() => null);
    const snapshot = text === null || text === shown ? null : parseStatus(text);
    if (snapshot !== null) listener.onSnapshot(snapshot);
    shown = text;
    await context.clock.sleep(VIEW_MS, signal);
  }
}

/** @param until undefined resumes; resuming one of all that are paused leaves the others paused. */
function changePauses(
  before: Settings["pauses"],
  keys: readonly string[],
  others: readonly string[],
  until: number | null | undefined,
): Settings["pauses"] {
  if (until !== undefined) return { ...before, ...Object.fromEntries(keys.map((key) => [key, until])) };
  if (keys.includes(ALL)) return {};
  const all = lookUp(before, ALL);
  const own = entriesOf(withoutEntry(before, ALL));
  const spread = all === undefined ? [] : others.map((id) => [id, all] as const);
  return Object.fromEntries([...spread, ...own].filter(([id]) => !keys.includes(id)));
}
