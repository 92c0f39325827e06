import { entriesOf } from "../../shared/data/by-id.ts";
import type { EngineContext } from "../context.ts";
import type { Facts } from "../decide/facts.ts";
import type { KeeperInputs } from "./changes.ts";

/** While nothing can be sent: how often we look whether the provider can be reached again. */
export const PROBE_MS = 20_000;

/** Does a login wait only because no connection could be made? */
export function hasUnsent(facts: Facts): boolean {
  return entriesOf(facts.waits.tokens).some(
    ([, wait]) => wait.notSent === true && wait.next > facts.now && wait.since >= facts.networkBackAt,
  );
}

/** Can a connection be made at all? Nothing is sent over it. */
export async function probe(context: EngineContext, facts: Facts, inputs: KeeperInputs): Promise<void> {
  const provider = facts.managed
    .map(({ entry }) => context.providers.get(entry.provider))
    .find((each) => each !== undefined);
  if (provider === undefined) return;
  const { url } = provider.refreshRequest("");
  const connection = await context.http.connect(url, { timeoutMs: PROBE_MS, signal: inputs.stop });
  if (connection.kind !== "connected") return;
  connection.close();
  inputs.changed.raise("online");
}
