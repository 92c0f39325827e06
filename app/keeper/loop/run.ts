import { plainReason, UserError } from "../../shared/data/errors.ts";
import type { RunListener, RunningKeeper } from "../api.ts";
import { type EngineContext, KEEPER_SILENCE_MS } from "../context.ts";
import { PATHS } from "../notes/paths.ts";
import { createSignal } from "./changes.ts";
import { keep } from "./keeper.ts";
import { lastSignOf } from "./running-notes.ts";
import { showKeeper } from "./viewer.ts";

/** The keeper's claim on a file. */
const ROLE = { beatMs: 1_000, silenceMs: KEEPER_SILENCE_MS, pollMs: 300, judgeProcess: true } as const;
const AGAIN_MS = 10_000;
const FOREVER = 2 ** 31 - 1;

/** As keeper, or as viewer until the keeper has ended; back to viewer if another took over while we were stopped. */
export async function run(context: EngineContext, shownTo: RunListener): Promise<RunningKeeper> {
  const listener = harmless(context, shownTo);
  const changed = createSignal();
  const stop = new AbortController();
  const unwatch = [
    context.credentialFile.watch(() => changed.raise("file")),
    context.settings.onChange(() => changed.raise("settings")),
  ];

  const take = async (waitMs: number) =>
    context.lock.acquire(PATHS.keeperLock(context.folder), { ...ROLE, waitMs, signal: stop.signal });
  const once = async (): Promise<void> => {
    context.checkFolders();
    await context.files.makeFolders(context.folder);
    let lastSeen = await lastSignOf(context);
    let role = await take(0);
    if (role.kind === "busy") {
      const viewing = new AbortController();
      const view = showKeeper(context, listener, viewing.signal);
      try {
        role = await take(FOREVER);
      } finally {
        viewing.abort();
        lastSeen = await view;
      }
      if (role.kind === "busy") return;
    }
    listener.onRole({ name: "keeper" });
    context.log.info("starting oauth keepalive", { intervalMs: 30 * 60_000 });
    try {
      await keep(context, listener, role, { changed, stop: stop.signal }, lastSeen);
    } finally {
      await role.release();
    }
  };
  const main = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        await once();
      } catch (error) {
        const reason = error instanceof UserError ? error.message : plainReason(error);
        context.log.error("the state folder cannot be used, it is tried again", { reason });
        await context.clock.sleep(AGAIN_MS, stop.signal);
      }
    }
  };
  const running = main();
  return {
    stop() {
      stop.abort();
      for (const end of unwatch) end();
      return running;
    },
    wake: () => changed.raise("wake"),
  };
}

/** Whoever looks on must not be able to end what keeps the logins alive. */
function harmless({ log }: EngineContext, listener: RunListener): RunListener {
  const guarded =
    <T>(tell: (what: T) => void) =>
    (what: T) => {
      try {
        tell(what);
      } catch (error) {
        log.warn("what happened could not be shown", { reason: plainReason(error) });
      }
    };
  return {
    onRole: guarded((role) => listener.onRole(role)),
    onSnapshot: guarded((snapshot) => listener.onSnapshot(snapshot)),
    onEvent: guarded((event) => listener.onEvent(event)),
  };
}
