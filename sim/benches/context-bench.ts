/** For tests of one part of the engine: its context, over the simulated disk and what the test gives. */

import { createCredentialFile } from "../../app/credentials/store.ts";
import { createContext, type EngineContext } from "../../app/keeper/context.ts";
import { createLock } from "../../app/platform/lock/lock.ts";
import { type Clock } from "../../app/ports/clock.ts";
import { type Files } from "../../app/ports/files.ts";
import { type Http } from "../../app/ports/http.ts";
import { type Power } from "../../app/ports/power.ts";
import { AUTH, AWAKE, STATE, simFingerprint, simProviders, simSettings } from "../world/process.ts";

export interface BenchContextOptions {
  readonly disk: Files;
  readonly clock: Clock;
  readonly http: Http;
  /** Default: a system that never sleeps. */
  readonly power?: Power;
}

/** A context in which profile pings are on and chosen. */
export async function benchContext({ disk, clock, http, power = AWAKE }: BenchContextOptions): Promise<EngineContext> {
  let ids = 0;
  const random = {
    fraction: () => 0.5,
    id: () => {
      ids += 1;
      return String(ids);
    },
  };
  const identity = { boot: "boot", pidNamespace: "ns", pid: 7, startedAt: "7" };
  const processes = { self: () => identity, judge: async () => "alive" as const };
  const settings = simSettings().current;
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  return createContext({
    clock,
    random,
    power,
    files: disk,
    lock: createLock({ files: disk, clock, random, processes, log }),
    processes,
    http,
    fingerprint: simFingerprint,
    log,
    settings: { read: () => settings, update: quiet, onChange: () => quiet },
    credentialFile: createCredentialFile({ path: AUTH, files: disk, clock, random, log }),
    sharedLogins: { read: async () => ({ tokens: new Map(), all: null, unseen: null }) },
    providers: simProviders,
    stateDir: STATE,
    checkFolders: quiet,
    ping: () => ({ mode: "profile", chosen: true }),
    watchMs: 3_000,
  });
}
