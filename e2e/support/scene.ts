/** What the tables of behaviour have in common: a user's home, a scripted provider, and looks at what stands on disk. */
import { createHash } from "node:crypto";
import { chmod, lchown, lstat, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode } from "../../app/shared/data/errors.ts";
import type { Login } from "../../app/shared/login/snapshot.ts";
import { CLI, type Cli, type CliHome, type CliHomeOptions, createCliHome, type Ended, spawnCli } from "./cli.ts";
import { expired, oauthEntry } from "./entries.ts";
import type { IssuedPair, TokenRules } from "./server/token-authority.ts";
import { startTokenServer, type TokenServer } from "./server/token-server.ts";

/** The part of a test's context that cleans up after it. */
export interface Cleanup {
  readonly onTestFinished: (done: () => Promise<void>) => void;
}

export interface Scene {
  readonly server: TokenServer;
  readonly home: CliHome;
}

export interface SceneOptions extends Partial<Omit<CliHomeOptions, "apiUrl">> {
  readonly rules?: Partial<TokenRules>;
}

/** A provider and an empty home; both end with the test. */
export async function scene({ onTestFinished }: Cleanup, options: SceneOptions = {}): Promise<Scene> {
  const { rules, ...rest } = options;
  const server = await startTokenServer(rules);
  onTestFinished(() => server.close());
  const home = await createCliHome({ tokenUrl: server.tokenUrl, apiUrl: server.apiUrl, ...rest });
  onTestFinished(() => home.close());
  return { server, home };
}

/** A scene with one login at `anthropic` in the flat file; by default its access token has expired. */
export async function sceneWithLogin(
  cleanup: Cleanup,
  options: SceneOptions & { readonly healthy?: boolean } = {},
): Promise<Scene & { readonly login: IssuedPair }> {
  const { healthy = false, ...rest } = options;
  const made = await scene(cleanup, rest);
  const login = await made.server.issue();
  await made.home.putEntries({ anthropic: oauthEntry(healthy ? login : expired(login)) });
  return { ...made, login };
}

/** Writes the credential file, byte by byte as given. */
export async function putBytes(home: CliHome, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(home.authFile), { recursive: true });
  await writeFile(home.authFile, content, { mode: 0o600 });
  await chmod(home.authFile, 0o600);
}

/** Everything about a folder that a write would change: by name, kind, inode, times, mode and a hash of the content. */
export async function picture(folder: string): Promise<Readonly<Record<string, string>>> {
  const seen: Record<string, string> = {};
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stat = await lstat(path, { bigint: true });
    // A FIFO would be waited for.
    const content = stat.isFile()
      ? createHash("sha256")
          .update(await readFile(path))
          .digest("hex")
      : "-";
    seen[name] = [stat.mode, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs, content].join(" ");
  }
  return seen;
}

/** Both streams, with every run of white space as one space: for sentences that were wrapped. */
export function saidBy({ stdout, stderr }: Ended): string {
  return `${stdout}\n${stderr}`.replace(/\s+/g, " ");
}

/** @returns the login with this id. @throws when there is none. */
export async function loginOf(home: CliHome, id = "anthropic"): Promise<Login> {
  const { accounts: logins } = await home.status();
  const login = logins.find((each) => each.id === id);
  if (login === undefined) throw new Error(`no login ${id} among ${logins.map((each) => each.id).join(", ")}`);
  return login;
}

/** @returns the state of the login with this id. */
export async function stateOf(home: CliHome, id = "anthropic"): Promise<Login["state"]> {
  return (await loginOf(home, id)).state;
}

/** Every file below `folder`, with its path from there. */
export async function filesBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // A process at work may have renamed or removed it meanwhile.
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") return null;
      throw error;
    });
    if (text !== null) found.set(path.slice(folder.length + 1), text);
  }
  return found;
}

/** What group or others may do anything with: paths and modes. Links have no modes of their own. */
export async function openBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = [folder, ...entries.map(({ parentPath, name }) => join(parentPath, name))];
  const open: string[] = [];
  for (const path of paths) {
    // Temporary files go while we look.
    const stat = await lstat(path).catch(() => null);
    if (stat !== null && !stat.isSymbolicLink() && (stat.mode & 0o077) !== 0)
      open.push(`${path} ${(stat.mode & 0o777).toString(8)}`);
  }
  return open;
}

// ---- another user ----------------------------------------------------------------------------------------------------

/** Only then is there another user to become. */
export const isRoot = process.getuid?.() === 0;
/** Of no group, and owner of nothing. */
const NOBODY = 65_534;

/** Runs the command line as a user whom permissions hold: root becomes nobody, an ordinary user is one already. */
export function asOrdinaryUser(home: CliHome, ...args: readonly string[]): Cli {
  if (!isRoot) return home.start(...args);
  const become = ["--reuid", String(NOBODY), "--regid", String(NOBODY), "--clear-groups", "--"];
  return spawnCli("setpriv", [...become, process.execPath, CLI, ...args], home.env, home.home);
}

/** Makes that user the owner of the home and of all that is in it. */
export async function giveToOrdinaryUser({ home }: CliHome): Promise<void> {
  if (!isRoot) return;
  await lchown(home, NOBODY, NOBODY);
  for (const name of await readdir(home, { recursive: true })) {
    await lchown(join(home, name), NOBODY, NOBODY).catch((error: unknown) => {
      // A keeper at work removes its lock and its temp files.
      if (errorCode(error) !== "ENOENT") throw error;
    });
  }
}
