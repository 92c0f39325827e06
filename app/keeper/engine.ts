import { entriesOf } from "../shared/data/by-id.ts";
import { pingSentence } from "../shared/words/commands.ts";
import type { CommandResult, Engine } from "./api.ts";
import { allow, disallow } from "./commands/allow.ts";
import { doctor } from "./commands/doctor.ts";
import { forget, forgettable } from "./commands/forget.ts";
import { setPauses } from "./commands/pause.ts";
import { pick } from "./commands/pick.ts";
import { refresh } from "./commands/refresh.ts";
import { rescue } from "./commands/rescue.ts";
import { runOnce } from "./commands/run-once.ts";
import { createContext, type EngineContext, type EngineDeps } from "./context.ts";
import { rescuables } from "./decide/rescue.ts";
import { pingLogin } from "./loop/pings.ts";
import { run } from "./loop/run.ts";
import { spansOf } from "./loop/running-notes.ts";
import { publishedStatus, statusOf } from "./loop/status.ts";
import { valueOf } from "./notes/notes.ts";
import { PATHS } from "./notes/paths.ts";
import { loadPings, NO_PINGS, tokensOfDay } from "./notes/ping-notes.ts";
import { gatherFacts } from "./refresh/gather.ts";

/** For who gave no signal: one of its own, so that nothing gathers on it. */
const never = (): AbortSignal => new AbortController().signal;

/** The engine over its ports: a table of contents. Reads and writes nothing until it is asked to. */
export async function createEngine(deps: EngineDeps): Promise<Engine> {
  const context = await createContext(deps);
  return {
    status: () => statusOf(context),
    run: (listener) => run(context, listener),
    runOnce: (listener, signal = never()) => runOnce(context, listener, signal),
    refresh: (ids, signal = never(), onResult = () => undefined) => refresh(context, ids, signal, onResult),
    ping: (ids, signal = never()) => ping(context, ids, signal),
    pause: (ids, until) => setPauses(context, ids, until),
    resume: (ids) => setPauses(context, ids, undefined),
    allow: (id, signal = never()) => allow(context, id, signal),
    disallow: (id) => disallow(context, id),
    tokensToday: () => tokensToday(context),
    history: (id) => context.history.read(id),
    story: async (id) => ({ events: await context.history.read(id), spans: await spansOf(context) }),
    keptCopies: async () => forgettable(await gatherFacts(context)),
    forget: (id, signal = never()) => forget(context, id, signal),
    rescuables: async () => rescuables(await gatherFacts(context)),
    rescue: (offered, signal = never()) => rescue(context, offered, signal),
    doctor: () => doctor(context),
  };
}

async function ping(
  context: EngineContext,
  ids: readonly string[] | "all",
  signal: AbortSignal,
): Promise<readonly CommandResult[]> {
  const results: CommandResult[] = [];
  for (const { id } of await pick(context, ids)) {
    await context.files.makeFolders(context.folder);
    const { outcome, why } = await pingLogin(context, id, true, signal);
    results.push({ id, sentence: pingSentence(outcome, why) });
  }
  await publishedStatus(context);
  return results;
}

async function tokensToday({ files, folder, clock }: EngineContext) {
  const { logins } = valueOf(await loadPings(files, PATHS.pings(folder)), NO_PINGS);
  const now = clock.now();
  return Object.fromEntries(entriesOf(logins).map(([id, note]) => [id, tokensOfDay(note, now)]));
}
