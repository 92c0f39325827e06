import { expect, it } from "vitest";
import { createCredentialFile } from "../credentials/store.ts";
import { createLock } from "../platform/lock.ts";
import { createContext, PATHS } from "./facts.ts";
import { keep } from "./keeper.ts";
import type { Clock, Http, NotSent } from "./ports.ts";
import { createSignal } from "./signal.ts";
import { AUTH, STATE, simFingerprint, simProviders, simSettings } from "./testing/sim-process.ts";
import type { Actor } from "./testing/sim-time.ts";
import { MINUTE, startTrace } from "./testing/trace-bench.ts";

/** A keeper over the simulated disk whose pings hang, and how much of it is still at work. */
async function keeperWithHangingPings() {
  const trace = startTrace();
  const { time, disk } = trace.world;
  const actor: Actor = { name: "keeper", alive: true, stoppedUntil: 0 };
  const base = time.clockOf(actor);
  let asleep = 0;
  let hanging = 0;
  const clock: Clock = {
    ...base,
    sleep: async (ms, signal) => {
      asleep += 1;
      await base.sleep(ms, signal);
      asleep -= 1;
    },
  };
  const http: Http = {
    connect: (_url, { signal }) =>
      new Promise<NotSent>((resolve) => {
        hanging += 1;
        signal?.addEventListener("abort", () => {
          hanging -= 1;
          resolve({ kind: "notSent", reason: "it was stopped" });
        });
      }),
  };
  const random = { fraction: () => 0.5, id: () => String(Math.round(time.monotonic)) };
  const identity = { boot: "boot", pidNamespace: "ns", pid: 7, startedAt: "7" };
  const processes = { self: () => identity, judge: async () => "alive" as const };
  const settings = simSettings().current;
  const quiet = () => undefined;
  const context = await createContext({
    clock,
    random,
    files: disk,
    lock: createLock({ files: disk, clock: base, random, processes }),
    processes,
    http,
    fingerprint: simFingerprint,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    settings: { read: () => settings, update: quiet, onChange: () => quiet },
    credentialFile: createCredentialFile({ path: AUTH, files: disk, clock: base, random }),
    sharedLogins: { read: async () => ({ tokens: new Map(), all: null, warning: null }) },
    providers: simProviders,
    stateDir: STATE,
    ping: () => ({ mode: "profile", chosen: true }),
    watchMs: 3_000,
  });
  await disk.makeFolders(context.folder);
  let ours = true;
  const stop = new AbortController();
  const inputs = { changed: createSignal(), stop: stop.signal };
  const role = { kind: "held", stillOurs: async () => ours, release: async () => undefined } as const;
  const listener = { onRole: quiet, onSnapshot: quiet, onEvent: quiet };
  const ended = keep(context, listener, role, inputs);
  await trace.until("a ping hangs", () => hanging > 0, 3 * MINUTE);
  return {
    trace,
    ended,
    inputs,
    atWork: () => ({ asleep, hanging }),
    status: () => disk.readText(PATHS.fileStatus(context.folder)) ?? "",
    lose: () => {
      ours = false;
      inputs.changed.raise("file");
    },
    stop: () => stop.abort(),
  };
}

it("a keeper that was taken over leaves nothing at work, and says nothing in its successor's status", async () => {
  const { trace, ended, lose, atWork, status } = await keeperWithHangingPings();
  const before = status();
  lose();
  expect(await trace.settled(ended)).toBe("takenOver");
  expect(atWork()).toEqual({ asleep: 0, hanging: 0 });
  expect(status()).toBe(before);
});

it("a keeper that was stopped leaves nothing at work, and says that it has ended", async () => {
  const { trace, ended, stop, atWork, status } = await keeperWithHangingPings();
  stop();
  expect(await trace.settled(ended)).toBe("stopped");
  expect(atWork()).toEqual({ asleep: 0, hanging: 0 });
  expect(JSON.parse(status())).toMatchObject({ keeper: { running: false } });
});
