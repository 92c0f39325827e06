import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { cachedOpencode } from "../../../scripts/setup/opencode.mjs";
import { authFileIn, homeEnvironment } from "../home.ts";
import { inCi } from "../needs.ts";
import { collect } from "../output.ts";

/** The real opencode, serving in a home of its own. Its own requests go one at a time, as a test must send them. */
export interface Opencode {
  readonly url: string;
  readonly pid: number;
  readonly authFile: string;
  /** PUT /auth/:id, as `opencode auth login` and its plugins write. @throws with the status when it is refused. */
  put(id: string, entry: Readonly<Record<string, unknown>>): Promise<void>;
  /** DELETE /auth/:id, a sign-out. */
  remove(id: string): Promise<void>;
  /** What `opencode auth list` prints: how opencode itself reads the file now. */
  authList(): Promise<string>;
  /** SIGTERM, and after a second SIGKILL. */
  stop(): Promise<void>;
}

/** @returns the path of the real opencode, which `npm test` fetches beforehand. @throws when it is not there. */
export async function opencodeBinary(): Promise<string> {
  const path = await cachedOpencode();
  if (path === null)
    throw new Error("the real opencode is not in the cache: node scripts/setup/fetch-opencode.mjs fetches it");
  return path;
}

/**
 * For `describe.skipIf(await opencodeMissing())`. In CI it is always false, so that the tests run and fail with the reason;
 * elsewhere a missing opencode is said aloud.
 */
export async function opencodeMissing(): Promise<boolean> {
  if (inCi()) return false;
  if ((await cachedOpencode()) !== null) return false;
  console.warn(
    "SKIPPED: the tests with the real opencode, since it is not in the cache (node scripts/setup/fetch-opencode.mjs)",
  );
  return true;
}

/**
 * Starts `opencode serve` on loopback and waits until it answers.
 * @param options.home an existing folder; everything that opencode reads and writes stays inside
 */
export async function startOpencode({ home }: { readonly home: string }): Promise<Opencode> {
  const binary = await opencodeBinary();
  const env = environment(home);
  await mkdir(join(home, "tmp"), { recursive: true });
  const port = await freePort();
  const args = ["serve", "--hostname", "127.0.0.1", "--port", String(port)];
  const child = spawn(binary, args, { cwd: home, env, stdio: ["ignore", "pipe", "pipe"] });
  const url = `http://127.0.0.1:${port}`;
  await ready(child, url).catch(async (error: unknown) => {
    await stop(child);
    throw error;
  });
  const ask = async (method: string, id: string, body?: string): Promise<void> => {
    const headers = { "content-type": "application/json" };
    const signal = AbortSignal.timeout(30_000);
    const response = await fetch(`${url}/auth/${encodeURIComponent(id)}`, {
      method,
      headers,
      signal,
      ...(body === undefined ? {} : { body }),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`opencode answered ${response.status} to ${method} /auth/${id}`);
  };
  return {
    url,
    pid: child.pid ?? 0,
    authFile: authFileIn(home),
    put: (id, entry) => ask("PUT", id, JSON.stringify(entry)),
    remove: (id) => ask("DELETE", id),
    authList: () => authList(binary, env, home),
    stop: () => stop(child),
  };
}

/** Nothing of the caller's environment, and no way off this machine. */
function environment(home: string): NodeJS.ProcessEnv {
  return { ...homeEnvironment(home), ...offThisMachine(), NO_COLOR: "1" };
}

/** No way off this machine: whatever opencode tries ends at a closed port at once. */
export function offThisMachine(): Readonly<Record<string, string>> {
  const nowhere = "http://127.0.0.1:9";
  const off = [
    "AUTOUPDATE",
    "CLAUDE_CODE",
    "DEFAULT_PLUGINS",
    "EXTERNAL_SKILLS",
    "LSP_DOWNLOAD",
    "MODELS_FETCH",
    "SHARE",
  ];
  return {
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    NO_PROXY: "127.0.0.1,localhost",
    ...Object.fromEntries(off.map((name) => [`OPENCODE_DISABLE_${name}`, "1"])),
  };
}

/** The first request can hang for seconds: a harmless one is repeated until it is answered. */
async function ready(child: ChildProcess, url: string): Promise<void> {
  const { printed } = collect(child);
  const until = Date.now() + 45_000;
  for (const path of ["/global/health", "/config"]) {
    while (!(await answers(url + path))) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > until) {
        throw new Error(`opencode did not get ready: ${printed().slice(-500)}`);
      }
      await pause(50);
    }
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 1_000);
  await gone;
  clearTimeout(patience);
}

function authList(binary: string, env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(binary, ["auth", "list"], { cwd, env, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stripVTControlCharacters(stdout + stderr));
      else reject(new Error(`opencode auth list failed (${error.code ?? error.signal ?? "?"})`));
    });
  });
}

/** `--port 0` means 4096 to opencode when that is free, and two of them would meet there. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
