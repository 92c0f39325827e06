/** One simulated process of ours: the real engine, credential file and lock over the simulated world. */

import { createCredentialFile } from "../../app/credentials/store.ts";
import type { Engine } from "../../app/keeper/api.ts";
import { createEngine } from "../../app/keeper/engine.ts";
import { createLock } from "../../app/platform/lock/lock.ts";
import type { SharedLogins } from "../../app/ports/credential-file.ts";
import type { Files, OpenFile } from "../../app/ports/files.ts";
import type { Fingerprint } from "../../app/ports/fingerprint.ts";
import type { Lock, LockOptions } from "../../app/ports/lock.ts";
import type { Log } from "../../app/ports/log.ts";
import type { Power } from "../../app/ports/power.ts";
import type { Processes } from "../../app/ports/processes.ts";
import type { Provider, Providers } from "../../app/ports/provider.ts";
import type { SettingsStore } from "../../app/ports/settings.ts";
import { anthropic } from "../../app/providers/anthropic.ts";
import type { PingMode, PingOutcome } from "../../app/shared/login/snapshot.ts";
import { parseSettings, type Settings } from "../../app/shared/settings.ts";
import { opOf, type SimFiles, type SimOp } from "./files.ts";
import type { SimServer } from "./server.ts";
import type { Actor, SimTime } from "./time.ts";

export const AUTH = "/home/me/share/opencode/auth.json";
export const STATE = "/home/me/state/pilot-light";

/** Readable, and one to one: a test can tell which token a fingerprint means. */
export const simFingerprint: Fingerprint = { of: (secret) => hash(secret), keep: async () => undefined };

function hash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b + text.charCodeAt(i), 0x85ebca6b) ^ (b >>> 13);
  }
  return ((a >>> 0).toString(16).padStart(8, "0") + (b >>> 0).toString(16).padStart(8, "0")).repeat(2);
}

/** A system that never sleeps. */
export const AWAKE: Power = { leaving: () => false, hold: async () => () => undefined };

export interface SimProcess extends Actor {
  readonly pid: number;
  readonly engine: Promise<Engine>;
}

export interface SimParts {
  readonly time: SimTime;
  readonly disk: SimFiles;
  readonly server: SimServer;
  readonly fraction: () => number;
  /** Before each operation that changes something; may throw a `SimError`. */
  readonly before: (actor: Actor, op: SimOp, path: string, to?: string) => void;
  readonly logged: string[];
  readonly settings: { current: Settings };
  readonly living: Map<number, Actor>;
  readonly ping: PingMode;
  /** Of all its processes. */
  power: Power;
}

/** Operations that change nothing. */
export const READS: ReadonlySet<SimOp> = new Set<SimOp>([
  "open",
  "stat",
  "fstat",
  "read",
  "realPath",
  "list",
  "isMountPoint",
  "close",
]);

/** The engine of a process, with two managed providers, so that several logins can stand in one flat file. */
export function startProcess(parts: SimParts, name: string, pid: number, oneShot: boolean): SimProcess {
  const { time, fraction } = parts;
  const actor: Actor = { name, alive: true, stoppedUntil: 0 };
  parts.living.set(pid, actor);
  const gate = async (op: SimOp, path: string, to?: string): Promise<void> => {
    // Reads give way to others only now and then: that keeps thousands of runs cheap and loses no interleaving of writes.
    if (!READS.has(op) || fraction() < 0.15) await time.turn(actor);
    if (!actor.alive) await new Promise<never>(() => undefined);
    parts.before(actor, op, path, to);
  };
  const files = gatedFiles(parts.disk, gate);
  const clock = time.clockOf(actor);
  const random = { fraction, id: () => Math.floor(fraction() * 1e12).toString(36) };
  const identity = { boot: "boot", pidNamespace: "ns", pid, startedAt: String(pid) };
  const processes: Processes = {
    self: () => identity,
    judge: async (other) => (parts.living.get(other.pid)?.alive === true ? "alive" : "dead"),
  };
  const settings: SettingsStore = {
    read: () => parts.settings.current,
    update: (change) => {
      parts.settings.current = change(parts.settings.current);
    },
    onChange: () => () => undefined,
  };
  const log: Log = { debug: note, info: note, warn: note, error: note };
  function note(msg: string, fields?: object): void {
    parts.logged.push(`${msg} ${JSON.stringify(fields ?? {})}`);
  }
  const shared: SharedLogins = { read: async () => ({ tokens: new Map(), all: null, unseen: null }) };
  const engine = createEngine({
    clock,
    random,
    power: { leaving: () => parts.power.leaving(), hold: () => parts.power.hold() },
    files,
    lock: calmer(createLock({ files, clock, random, processes, log })),
    processes,
    http: parts.server.httpOf(actor),
    fingerprint: simFingerprint,
    log,
    settings,
    credentialFile: createCredentialFile({ path: AUTH, files, clock, random, log }),
    sharedLogins: shared,
    providers: simProviders,
    stateDir: STATE,
    checkFolders: () => undefined,
    ping: () => ({ mode: parts.ping, chosen: true }),
    watchMs: oneShot ? 2_000 : 3_000,
  });
  return Object.assign(actor, { pid, engine });
}

/** The keeper's claim beats once a second; in hours of virtual time that would be nearly all that happens. */
function calmer(lock: Lock): Lock {
  const slow = (path: string, options: LockOptions): LockOptions =>
    path.endsWith("keeper.lock")
      ? { ...options, beatMs: options.beatMs * 60, silenceMs: options.silenceMs * 60, pollMs: 20_000 }
      : options;
  return {
    acquire: (path, options) => lock.acquire(path, slow(path, options)),
    peek: (path, silenceMs) => lock.peek(path, silenceMs),
  };
}

/** The simulated server answers as Anthropic does. */
const dialect = anthropic.create({ ...anthropic.endpoints, pingModel: () => undefined });

function provider(id: string): Provider {
  return {
    id,
    name: id,
    signInNote: null,
    signInNeeds: null,
    signInHint: "opencode auth login",
    termsNote: null,
    readRefresh: dialect.readRefresh,
    pingTarget: () => "a model",
    refreshRequest: (refreshToken) => ({
      method: "POST",
      url: "https://token.invalid/token",
      headers: {},
      body: JSON.stringify({ refresh_token: refreshToken }),
    }),
    pingRequest: () => ({ method: "GET", url: "https://api.invalid/profile", headers: {} }),
    readPing: (_mode, answer) => ({
      outcome: pingOutcome(answer.kind === "answered" ? answer.status : 0),
      tokens: 0,
      stopMessages: null,
    }),
  };
}

function pingOutcome(status: number): PingOutcome {
  return status === 200 ? "ok" : status === 401 ? "unauthorized" : "unreachable";
}

export const simProviders: Providers = new Map(["anthropic", "second"].map((id) => [id, provider(id)]));

export const simSettings = (): { current: Settings } => ({ current: parseSettings({}) });

/** The same files, as one process sees them: each operation waits at that process's gate. */
function gatedFiles(base: Files, gate: (op: SimOp, path: string, to?: string) => Promise<void>): Files {
  const handle = (file: OpenFile, path: string): OpenFile => ({
    stat: async () => (await gate("fstat", path), file.stat()),
    read: async (position, max) => (await gate("read", path), file.read(position, max)),
    write: async (data, position) => (await gate("write", path), file.write(data, position)),
    truncate: async (size) => (await gate("truncate", path), file.truncate(size)),
    sync: async () => (await gate("sync", path), file.sync()),
    setMode: async (mode) => (await gate("setMode", path), file.setMode(mode)),
    setOwner: async (uid, gid) => (await gate("setOwner", path), file.setOwner(uid, gid)),
    close: async () => (await gate("close", path), file.close()),
  });
  return {
    open: async (path, how, mode) => {
      await gate(opOf(how), path);
      return handle(await base.open(path, how, mode), path);
    },
    stat: async (path) => (await gate("stat", path), base.stat(path)),
    realPath: async (path) => (await gate("realPath", path), base.realPath(path)),
    makeFolder: async (path) => (await gate("makeFolder", path), base.makeFolder(path)),
    makeFolders: async (path) => (await gate("makeFolders", path), base.makeFolders(path)),
    list: async (path) => (await gate("list", path), base.list(path)),
    rename: async (from, to) => (await gate("rename", from, to), base.rename(from, to)),
    remove: async (path) => (await gate("remove", path), base.remove(path)),
    removeFolder: async (path) => (await gate("removeFolder", path), base.removeFolder(path)),
    syncFolder: async (path) => (await gate("syncFolder", path), base.syncFolder(path)),
    isMountPoint: async (path) => (await gate("isMountPoint", path), base.isMountPoint(path)),
    watchFolder: (path, onChange) => base.watchFolder(path, onChange),
  };
}
