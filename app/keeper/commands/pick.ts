import { UserError } from "../../shared/errors.ts";
import type { Account } from "../../shared/snapshot.ts";
import type { EngineContext } from "../context.ts";
import { statusOf } from "../loop/status.ts";
import type { PassRequest, PassResult } from "../refresh/pass.ts";
import { runPass } from "../refresh/transaction.ts";
import { unknownId } from "./sentences.ts";

/** How long a command waits for another process that is at work on the file. */
export const COMMAND_LOCK_MS = 120_000;

/** The logins named, or all. @throws UserError for an id that the file does not hold, and for a file that cannot be read. */
export async function pick(context: EngineContext, ids: readonly string[] | "all"): Promise<readonly Account[]> {
  context.checkFolders();
  const { accounts, file } = await statusOf(context);
  if (file.problem !== null) throw new UserError(`${file.path}: ${file.problem}.`, 4);
  if (ids === "all") return accounts;
  const known = accounts.map(({ id }) => id);
  return ids.map((id) => {
    const account = accounts.find((each) => each.id === id);
    if (account === undefined) throw new UserError(unknownId(id, known), 2);
    return account;
  });
}

/** @returns the login as it is now; undefined = it has gone from the file. */
export async function lookAgain(context: EngineContext, id: string): Promise<Account | undefined> {
  return (await statusOf(context)).accounts.find((each) => each.id === id);
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
