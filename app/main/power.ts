import type { PowerMonitor } from "electron";

export interface PowerDeps {
  readonly powerMonitor: Pick<PowerMonitor, "on">;
  /** The machine woke up, or its user came back: what came due meanwhile is done. */
  readonly wake: () => void;
  /** The system is about to shut down. */
  readonly end: () => void;
}

/**
 * Listens to the system's power events. Falling asleep needs nothing: what is under way stands in the journal, and a clock
 * that jumped is noticed by the keeper itself should the system not tell of its waking.
 */
export function listenToPower({ powerMonitor, wake, end }: PowerDeps): void {
  powerMonitor.on("resume", wake);
  powerMonitor.on("unlock-screen", wake);
  // The types do not tell of the event, which asks the system to wait for us.
  powerMonitor.on("shutdown", (event?: { preventDefault(): void }) => {
    event?.preventDefault();
    end();
  });
}
