import type { Reading } from "../../ports/credential-file.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import { errorCode, UserError } from "../../shared/data/errors.ts";
import type { NotesProblem } from "../../shared/finding.ts";
import { type EngineContext, KEEPER_SILENCE_MS } from "../context.ts";
import type { Facts } from "../decide/facts.ts";
import { loginsIn, project } from "../decide/snapshot.ts";
import { openIntents } from "../notes/journal-view.ts";
import { asideIn } from "../notes/notes.ts";
import { PATHS } from "../notes/paths.ts";
import { gatherFacts } from "../refresh/gather.ts";
import { LOCK } from "../refresh/pass.ts";
import type { DoctorFacts, LockSight } from "./doctor-facts.ts";
import { forgettable } from "./forget.ts";

/** Looks at all that keeping logins alive rests on. It writes nothing and sends nothing; what is damaged is told, not thrown. */
export async function doctor(context: EngineContext): Promise<DoctorFacts> {
  const { credentialFile, stateDir, folder } = context;
  const reading = await credentialFile.read();
  const gathered = await ourFacts(context, reading).then(
    (found) => ({ facts: found, problem: null }),
    (error: unknown) => ({ facts: null, problem: problemWith(error, stateDir) }),
  );
  const { facts } = gathered;
  const realPath = await credentialFile.realPath();
  return {
    now: context.clock.now(),
    paths: { authFile: credentialFile.path, realPath, stateDir },
    file: {
      kind: reading.kind,
      format: reading.kind === "good" ? reading.format : null,
      problem: reading.kind === "problem" ? reading.problem : null,
      cannotReplace: reading.kind === "good" ? reading.cannotReplace : null,
      logins: reading.kind === "good" ? loginsIn(reading).length : 0,
      mode: (await statOf(context, realPath))?.mode ?? null,
    },
    stateMode: (await statOf(context, stateDir))?.mode ?? null,
    notesProblem: gathered.problem,
    damaged: [
      ...[...(facts?.damaged ?? []), ...(await asideIn(context.files, folder))].map(
        (name) => ({ kind: "notes", name }) as const,
      ),
      ...(await asideIn(context.files, PATHS.journal(stateDir))).map((name) => ({ kind: "journal", name }) as const),
    ],
    locks: {
      file: await sight(context, await credentialFile.lockPath(), LOCK.silenceMs),
      keeper: await sight(context, PATHS.keeperLock(folder), KEEPER_SILENCE_MS),
    },
    logins: facts === null ? [] : project(facts, credentialFile.path, context.providers, null).accounts,
    openIntents: facts === null ? [] : intentsOf(facts, context.file),
    keptCopies: facts === null ? [] : forgettable(facts),
    shared: facts === null ? [] : sharedIn(facts),
    sharingUnseen: facts?.shared.unseen ?? null,
    newestFile: await newestFile(context, realPath),
  };
}

/** Notes in folders that are not ours alone are no facts. */
async function ourFacts(context: EngineContext, reading: Reading): Promise<Facts> {
  context.checkFolders();
  return gatherFacts(context, { reading });
}

function problemWith(error: unknown, stateDir: string): NotesProblem {
  if (error instanceof UserError) return { kind: "userError", sentence: error.message };
  return { kind: "unreadable", stateDir, code: errorCode(error) };
}

async function statOf({ files }: EngineContext, path: string) {
  return files.stat(path).catch(() => null);
}

/** @param silenceMs an owner that showed no life for so long counts as gone. */
async function sight(context: EngineContext, path: string, silenceMs: number): Promise<LockSight | null> {
  const holder = await context.lock.peek(path, silenceMs);
  if (holder !== null) return { pid: holder.pid, since: holder.since, alive: holder.lives };
  return (await statOf(context, path)) === null ? null : { pid: null, since: null, alive: false };
}

function intentsOf({ journal, senders }: Facts, file: string): DoctorFacts["openIntents"] {
  const fps = new Set(journal.intents.filter((intent) => intent.file === file).map((intent) => intent.fp));
  return [...fps].flatMap((fp) => {
    const open = openIntents(journal, fp);
    const [first] = open;
    if (first === undefined) return [];
    return [{ ids: first.ids, since: first.at, attempts: open.length, sender: senders.get(fp) ?? "unknown" }];
  });
}

function sharedIn({ managed, shared, settings }: Facts): DoctorFacts["shared"] {
  return managed.flatMap(({ entry: { id, pair } }) => {
    const other = shared.all ?? shared.tokens.get(pair.refresh);
    return other === undefined ? [] : [{ id, with: other, allowed: lookUp(settings.allow, id)?.shared === true }];
  });
}

/** A file that was written later than now tells that the clock was set back since, or is wrong. */
async function newestFile(context: EngineContext, realPath: string): Promise<DoctorFacts["newestFile"]> {
  const { files, folder, stateDir } = context;
  const inside = async (path: string) => (await files.list(path).catch(() => [])).map((name) => `${path}/${name}`);
  const paths = [realPath, ...(await inside(folder)), ...(await inside(PATHS.journal(stateDir)))];
  let newest: DoctorFacts["newestFile"] = null;
  for (const path of paths) {
    const stat = await statOf(context, path);
    if (stat?.kind !== "file") continue;
    const at = Math.floor(Number(stat.mtimeNs) / 1e6);
    if (newest === null || at > newest.at) newest = { path, at };
  }
  return newest;
}
