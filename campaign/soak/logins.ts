/** Twenty logins in one file, and what is seen of them from outside. */
import * as v from "valibot";
import type { CliHome } from "../../e2e/support/cli.ts";
import { textOf } from "../../e2e/support/files.ts";
import { putBytes } from "../../e2e/support/scene.ts";
import type { TokenServer } from "../../e2e/support/server/token-server.ts";

const recordSchema = v.object({ id: v.string(), refresh: v.string(), access: v.string(), expires: v.number() });
const fileSchema = v.object({ providers: v.object({ anthropic: v.object({ records: v.array(recordSchema) }) }) });
export type LoginRecord = v.InferOutput<typeof recordSchema>;

/** Signs in so many, all of them good from now on. */
export async function signIn(home: CliHome, server: TokenServer, count: number): Promise<void> {
  const records: unknown[] = [];
  for (let at = 0; at < count; at += 1) {
    const { refresh, access, expires } = await server.issue();
    records.push({
      id: `login-${at}`,
      namespace: "default",
      label: `login ${at}`,
      refresh,
      access,
      expires,
      createdAt: Date.now(),
      updatedAt: Date.now(),
      health: { successCount: 0, failureCount: 0 },
    });
  }
  const anthropic = { type: "oauth", active: { default: "login-0" }, order: { default: ["login-0"] }, records };
  await putBytes(home, JSON.stringify({ version: 2, providers: { anthropic } }, null, 2));
}

/** @returns none while the file cannot be read. */
export async function loginsIn(home: CliHome): Promise<readonly LoginRecord[]> {
  try {
    return v.parse(fileSchema, JSON.parse((await textOf(home.authFile)) ?? "")).providers.anthropic.records;
  } catch {
    return [];
  }
}

/** What an outsider notes of the access tokens that stood in the file. */
export class Validity {
  /** By access token: until when it was good, ms since the epoch. */
  readonly #until = new Map<string, number>();
  /** So many looks showed a login whose access had expired. */
  expiredLooks = 0;
  looks = 0;

  look(records: readonly LoginRecord[], now: number): void {
    this.looks += 1;
    for (const { access, expires } of records) this.#until.set(access, expires);
    if (records.some(({ expires }) => expires <= now)) this.expiredLooks += 1;
  }

  /** How many of these requests came with an access token that had expired. */
  async expiredPings(server: TokenServer): Promise<{ readonly pings: number; readonly expired: number }> {
    const pings = await server.requests("profile");
    const expired = pings.filter(({ token, at }) => at > (this.#until.get(token ?? "") ?? Number.POSITIVE_INFINITY));
    return { pings: pings.length, expired: expired.length };
  }
}
