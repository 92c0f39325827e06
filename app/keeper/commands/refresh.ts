import { isUndone } from "../../shared/login/outcome.ts";
import { mayRefresh } from "../../shared/login/rules.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import { refreshSentence } from "../../shared/words/commands.ts";
import type { CommandResult } from "../api.ts";
import type { EngineContext } from "../context.ts";
import type { Facts } from "../decide/facts.ts";
import { publishedStatus } from "../loop/status.ts";
import { gatherFacts } from "../refresh/gather.ts";
import type { PassResult } from "../refresh/pass.ts";
import { addressedLogins, commandPass, pickWithFacts } from "./pick.ts";

const pairAt = ({ managed }: Facts, id: string) => managed.find(({ entry }) => entry.id === id)?.fp ?? null;

/**
 * Refresh now.
 * @param onResult told of each login as soon as its result is known; the watch over what was written goes on after that.
 * @returns what became of each, in the order in which they were asked for. @throws as `pick`.
 */
export async function refresh(
  context: EngineContext,
  ids: readonly string[] | "all",
  signal: AbortSignal,
  onResult: (result: CommandResult) => void,
): Promise<readonly CommandResult[]> {
  const { picked: logins, facts: before } = await pickWithFacts(context, ids);
  const wanted = logins.filter(({ state }) => mayRefresh(state, ids !== "all"));
  const force = new Map(wanted.map(({ id }) => [id, pairAt(before, id)] as const));
  const told = new Map<string, CommandResult>();
  const tell = async (some: readonly Login[], result: PassResult | null) => {
    if (some.length === 0) return;
    const facts = await gatherFacts(context);
    const now = await addressedLogins(context, facts);
    for (const login of some) {
      const { id } = login;
      const pair = pairAt(facts, id);
      const newer = force.has(id) && pair !== null && pair !== force.get(id);
      const report = { result, newer, after: now.find((each) => each.id === id) };
      const said = refreshSentence(login, report);
      const answer = isUndone(login, report) ? ({ id, ...said, notNow: true } as const) : { id, ...said };
      told.set(id, answer);
      onResult(answer);
    }
  };
  const isOpen = ({ id }: Login) => !told.has(id);
  await tell(
    logins.filter(({ id }) => !force.has(id)),
    null,
  );
  if (wanted.length > 0) {
    const onRedeemed = (done: readonly string[], result: PassResult) =>
      tell(
        wanted.filter(isOpen).filter(({ id }) => done.includes(id)),
        result,
      );
    const result = await commandPass(context, { force, onRedeemed }, signal);
    await tell(wanted.filter(isOpen), result);
    await publishedStatus(context);
  }
  return logins.flatMap(({ id }) => told.get(id) ?? []);
}
