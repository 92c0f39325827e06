import { UserError } from "../../shared/data/errors.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import { unknownId } from "../../shared/words/commands.ts";
import { addressed } from "../../shared/words/state.ts";
import { fileProblemSentence } from "../../shared/words/status.ts";
import type { EngineContext } from "../context.ts";
import type { Facts } from "../decide/facts.ts";
import { snapshotOf } from "../loop/status.ts";
import { gatherFacts } from "../refresh/gather.ts";
import type { PassRequest, PassResult } from "../refresh/pass.ts";
import { runPass } from "../refresh/transaction.ts";

/** How long a command waits for another process that is at work on the file. */
export const COMMAND_LOCK_MS = 120_000;

/** The logins named, or all. @throws UserError for an id that the file does not hold, and for a file that cannot be read. */
export async function pick(context: EngineContext, ids: readonly string[] | "all"): Promise<readonly Login[]> {
  return (await pickWithFacts(context, ids)).picked;
}

/** The same, with the facts that they were picked from. @throws as `pick`. */
export async function pickWithFacts(
  context: EngineContext,
  ids: readonly string[] | "all",
): Promise<{ readonly picked: readonly Login[]; readonly facts: Facts }> {
  context.checkFolders();
  const facts = await gatherFacts(context);
  const { accounts: logins, file } = await snapshotOf(context, facts);
  if (file.problem !== null) throw new UserError(fileProblemSentence(file), 4);
  if (ids === "all") return { picked: logins, facts };
  const picked = ids.map((id) => {
    const login = logins.find((each) => each.id === id);
    if (login === undefined) throw new UserError(unknownId(id, logins), 2);
    return login;
  });
  return { picked, facts };
}

/** @returns the logins as these facts show them, with what is said of them in words for our reader. */
export async function addressedLogins(context: EngineContext, facts: Facts): Promise<readonly Login[]> {
  const { accounts: logins, generatedAt: now } = await snapshotOf(context, facts);
  return logins.map((login) => {
    const signInHint = context.providers.get(login.provider)?.signInHint ?? "";
    return addressed(login, { id: login.id, signInHint, now, reader: context.reader ?? "cli" });
  });
}

/** @returns the login as it is now; undefined = it has gone from the file. */
export async function lookAgain(context: EngineContext, id: string): Promise<Login | undefined> {
  return (await addressedLogins(context, await gatherFacts(context))).find((each) => each.id === id);
}

/** A pass in which nothing is due by itself. */
export function commandPass(
  context: EngineContext,
  request: Partial<PassRequest>,
  signal: AbortSignal,
): Promise<PassResult> {
  return runPass(context, {
    due: false,
    force: new Map(),
    lockWaitMs: COMMAND_LOCK_MS,
    signal,
    onEvents: () => undefined,
    onChange: async () => undefined,
    ...request,
  });
}
