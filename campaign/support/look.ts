/** What the judge needs to see, read from the disk and asked of the server. */
import { lstat, readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CliHome } from "../../e2e/support/cli.ts";
import { textOf } from "../../e2e/support/files.ts";
import type { TokenServer } from "../../e2e/support/server/token-server.ts";
import type { Disk, Truth } from "./verdict.ts";

/** @returns what stands on disk now. Never throws: what cannot be read is not there. */
export async function look({ authFile, stateDir }: CliHome): Promise<Disk> {
  const { state, open } = await below(stateDir);
  const names = await readdir(dirname(authFile)).catch((): string[] => []);
  return {
    text: await textOf(authFile),
    mode: await modeOf(authFile),
    beside: names.filter((name) => name !== basename(authFile)),
    state,
    open,
  };
}

async function modeOf(path: string): Promise<number | null> {
  return lstat(path).then(
    ({ mode }) => mode & 0o777,
    () => null,
  );
}

async function below(folder: string): Promise<Pick<Disk, "state" | "open">> {
  const state = new Map<string, string>();
  const mode = await modeOf(folder);
  const open: string[] = mode !== null && (mode & 0o077) !== 0 ? ["."] : [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    // An empty lock folder counts, too.
    if (entry.isDirectory()) state.set(`${name}/`, "");
    else if (entry.isFile()) state.set(name, await readFile(path, "latin1").catch(() => ""));
    if (((await modeOf(path)) ?? 0) & 0o077) open.push(name);
  }
  return { state, open };
}

/**
 * @param first the refresh token that this login began with
 * @returns what the server knows of it
 */
export async function truthOf(server: TokenServer, id: string, first: string): Promise<Truth> {
  const { newest, revoked } = await server.standing(first);
  const tokens = new Set([first]);
  for (const { token } of await server.requests("token")) {
    if (token !== null && (await server.standing(token)).newest === newest) tokens.add(token);
  }
  if (newest !== null) {
    tokens.delete(newest);
    tokens.add(newest);
  }
  const chain = await Promise.all([...tokens].map(async (token) => ({ token, sent: await server.redemptions(token) })));
  return { id, chain, revoked };
}
