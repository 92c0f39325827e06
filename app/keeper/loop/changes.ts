import { type Clock } from "../../ports/clock.ts";
export type Change = "file" | "settings" | "wake" | "online" | "ping";

/** Collects what changed and wakes the one who waits: any number of raises cause one recomputation. */
export interface Signal {
  raise(change: Change): void;
  /** What was raised since the last take. */
  take(): ReadonlySet<Change>;
  /** Until something is raised, `ms` passed, or `stop`. At once if something is raised already. */
  wait(clock: Clock, ms: number, stop: AbortSignal): Promise<void>;
}

export function createSignal(): Signal {
  let raised = new Set<Change>();
  let waiter: AbortController | null = null;
  return {
    raise(change) {
      raised.add(change);
      waiter?.abort();
    },
    take() {
      const taken = raised;
      raised = new Set();
      return taken;
    },
    async wait(clock, ms, stop) {
      if (raised.size > 0 || stop.aborted) return;
      const controller = new AbortController();
      waiter = controller;
      const onStop = () => controller.abort();
      stop.addEventListener("abort", onStop);
      await clock.sleep(ms, controller.signal);
      stop.removeEventListener("abort", onStop);
      waiter = null;
    },
  };
}

/** What reaches the running keeper from outside; each only causes a recomputation. */
export interface KeeperInputs {
  /** The file, the settings or the network changed, or someone wants it now. */
  readonly changed: Signal;
  readonly stop: AbortSignal;
}
