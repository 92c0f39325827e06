import { oauthEntry } from "../../../e2e/support/entries.ts";

interface Pair {
  readonly access: string;
  readonly refresh: string;
  readonly expires: number;
}

/** A multi-account file as the programs that know it write it: these logins, all of `anthropic`. Ids: `anthropic/record-0` … */
export function accountsFile(pairs: readonly Pair[]): string {
  const records = pairs.map((pair, at) => {
    const { type: _, ...values } = oauthEntry(pair);
    const times = { createdAt: 1_700_000_000_000, updatedAt: 1_700_000_000_000 };
    return {
      id: `record-${at}`,
      namespace: "default",
      ...values,
      ...times,
      health: { successCount: 0, failureCount: 0 },
    };
  });
  const ids = records.map(({ id }) => id);
  const anthropic = { type: "oauth", active: { default: ids[0] ?? "" }, order: { default: ids }, records };
  return JSON.stringify({ version: 2, providers: { anthropic } }, null, 2);
}
