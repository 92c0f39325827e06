import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { type Pair } from "../../app/ports/credential-file.ts";
import { type Snapshot, snapshotSchema } from "../../app/shared/login/snapshot.ts";
import { textOf } from "./files.ts";
import { authFileIn, homeEnvironment } from "./home.ts";
import { collect } from "./output.ts";

/** The command line as it is shipped; `npx vite build` makes it. */
export const CLI = fileURLToPath(new URL("../../out/cli/pilot-light.mjs", import.meta.url));

export interface Ended {
  /** null = a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From its start to its end. */
  readonly ms: number;
}

/** One run of the command line. */
export interface Cli {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** By its pid; nothing once it has ended. */
  kill(signal?: NodeJS.Signals): void;
  running(): boolean;
  /** What it has printed so far, both streams. */
  printed(): string;
  /** Resolves as soon as `part` stands in what it printed. @throws when it ends without, or after `withinMs`. */
  prints(part: string, withinMs?: number): Promise<void>;
}

/** A user's home of its own: the command line finds everything at its default place inside. */
export interface CliHome {
  readonly home: string;
  readonly authFile: string;
  readonly stateDir: string;
  readonly settingsFile: string;
  readonly journal: string;
  readonly env: Readonly<Record<string, string>>;
  start(...args: readonly string[]): Cli;
  /** Starts it, and waits for its end. */
  run(...args: readonly string[]): Promise<Ended>;
  /** `status --json`. */
  status(): Promise<Snapshot>;
  /** The published `status.json`, or null while there is none. */
  published(): Promise<Snapshot | null>;
  /** Replaces the credential file by one with these entries, atomically. */
  putEntries(entries: Readonly<Record<string, unknown>>): Promise<void>;
  /** The pair at `anthropic`, or null while there is none to be read. */
  pair(): Promise<Pair | null>;
  /** Kills what still runs, and removes the home. */
  close(): Promise<void>;
}

export interface CliHomeOptions {
  readonly tokenUrl: string;
  readonly apiUrl?: string;
  /** Default: off. null = not said. */
  readonly ping?: "off" | "profile" | "message" | null;
  readonly env?: Readonly<Record<string, string>>;
}

/** @throws when the command line was not built. */
export async function createCliHome(options: CliHomeOptions): Promise<CliHome> {
  await access(CLI).catch(() => {
    throw new Error("the command line is not built: npx vite build");
  });
  const home = await mkdtemp(join(tmpdir(), "pilot-light-home-"));
  await mkdir(join(home, "tmp"));
  const ping = options.ping === undefined ? "off" : options.ping;
  const env: Record<string, string> = {
    ...homeEnvironment(home),
    PILOT_LIGHT_TOKEN_URL: options.tokenUrl,
    PILOT_LIGHT_API_URL: options.apiUrl ?? "http://127.0.0.1:9",
    ...(ping === null ? {} : { PILOT_LIGHT_PING: ping }),
    ...options.env,
  };
  const authFile = authFileIn(home);
  const stateDir = join(home, ".local", "state", "pilot-light");
  const started: Cli[] = [];
  const start = (...args: readonly string[]): Cli => {
    // Without one of its own it would ask the machine's system bus to put off its sleep.
    const nowhere = { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${join(home, "no-system-bus")}` };
    const run = spawnCli(process.execPath, [CLI, ...args], { ...nowhere, ...env }, home);
    started.push(run);
    return run;
  };
  return {
    home,
    authFile,
    stateDir,
    settingsFile: join(home, ".config", "pilot-light", "settings.json"),
    journal: join(stateDir, "journal"),
    env,
    start,
    run: (...args) => start(...args).ended,
    async status() {
      const { stdout } = await start("status", "--json").ended;
      return v.parse(snapshotSchema, JSON.parse(stdout));
    },
    published: () => publishedIn(stateDir),
    async putEntries(entries) {
      await mkdir(dirname(authFile), { recursive: true });
      const temp = join(dirname(authFile), "written-by-the-test");
      await writeFile(temp, JSON.stringify(entries, null, 2), { mode: 0o600 });
      await rename(temp, authFile);
    },
    pair: () => pairIn(authFile),
    async close() {
      for (const run of started) run.kill("SIGKILL");
      await Promise.all(started.map(({ ended }) => ended));
      // What was just killed may still be writing its last file.
      await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

/** @returns the `status.json` of this state dir, or null while there is none. */
export async function publishedIn(stateDir: string): Promise<Snapshot | null> {
  const text = await textOf(join(stateDir, "status.json"));
  return text === null ? null : v.parse(snapshotSchema, JSON.parse(text));
}

const entrySchema = v.object({ refresh: v.string(), access: v.string(), expires: v.number() });

async function pairIn(path: string): Promise<Pair | null> {
  try {
    const value: unknown = JSON.parse((await textOf(path)) ?? "null");
    return v.parse(v.object({ anthropic: entrySchema }), value).anthropic;
  } catch {
    return null;
  }
}

/** Runs a program whose output is collected; `cwd` and `env` are all that it knows of its surroundings. */
export function spawnCli(program: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Cli {
  const startedAt = Date.now();
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const { stdout, stderr, printed } = collect(child, tell);
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const ended = closed(child).then(({ code, signal }) => {
    tell();
    return { code, signal, stdout: stdout(), stderr: stderr(), ms: Date.now() - startedAt };
  });
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal = "SIGTERM") => void (running() && child.kill(signal)),
    running,
    printed,
    prints: (part, withinMs = 40_000) =>
      new Promise((resolve, reject) => {
        const finish = (error: Error | null): void => {
          listeners.delete(look);
          clearTimeout(patience);
          if (error === null) resolve();
          else reject(error);
        };
        const look = (): void => {
          if (printed().includes(part)) finish(null);
          else if (!running()) finish(new Error(`it ended without printing "${part}"`));
        };
        const patience = setTimeout(
          () => finish(new Error(`"${part}" was not printed within ${withinMs} ms`)),
          withinMs,
        );
        listeners.add(look);
        look();
      }),
  };
}

async function closed(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  await once(child, "close");
  return { code: child.exitCode, signal: child.signalCode };
}
