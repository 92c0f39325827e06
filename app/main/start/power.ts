import type { PowerMonitor, PowerSaveBlocker } from "electron";
import type { Departure } from "../../platform/process/departure.ts";
import type { PowerSource } from "../../platform/process/power.ts";

export interface PowerDeps {
  readonly powerMonitor: Pick<PowerMonitor, "on">;
  readonly departure: Departure;
  /** The machine woke up, or its user came back: what came due meanwhile is done. */
  readonly wake: () => void;
  /** It really slept: before `wake`. */
  readonly slept: () => void;
  /** The system is about to shut down. */
  readonly end: () => void;
}

/**
 * Listens to the system's power events. Electron lets the system sleep as soon as the listeners of `suspend` have returned, so
 * they only take note; the answer that is under way is held for elsewhere. A clock that jumped is noticed by the keeper itself
 * should the system not tell of its waking.
 */
export function listenToPower({ powerMonitor, departure, wake, slept, end }: PowerDeps): void {
  powerMonitor.on("suspend", () => departure.begin());
  powerMonitor.on("resume", () => {
    departure.end();
    slept();
    wake();
  });
  powerMonitor.on("unlock-screen", wake);
  // The types do not tell of the event, which asks the system to wait for us.
  powerMonitor.on("shutdown", (event?: { preventDefault(): void }) => {
    departure.begin();
    event?.preventDefault();
    end();
  });
}

/** What the keeper learns of sleep through Electron. */
export function powerSource(
  departure: Pick<Departure, "leaving">,
  blocker: Pick<PowerSaveBlocker, "start" | "stop">,
): PowerSource {
  return {
    leaving: () => departure.leaving(),
    block() {
      const id = blocker.start("prevent-app-suspension");
      return () => {
        blocker.stop(id);
      };
    },
  };
}
