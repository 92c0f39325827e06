import {
  sessionKindOf,
  type TrayHostSurroundings,
  trayHostProbe,
  waitForTrayHost,
} from "../../platform/process/tray-host.ts";
import { type Clock } from "../../ports/clock.ts";
import type { ViewStore } from "../window/view-store.ts";

/** Is there something on this desktop that shows our tray item? What is known of it stands in the view. */
export interface TrayWatch {
  /** Looks for a host until there is one. */
  look(): void;
  /** Asks now: a panel may have gone for good. If it has, it is looked for anew. */
  isThere(): Promise<boolean>;
  stop(): void;
}

export interface TrayWatchDeps {
  readonly surroundings: TrayHostSurroundings;
  readonly clock: Pick<Clock, "monotonic" | "sleep">;
  readonly view: Pick<ViewStore, "get" | "change">;
  /** No host came in time, so nothing else would show that the app runs. */
  readonly onMissing: () => void;
}

export function createTrayWatch({ surroundings, clock, view, onMissing }: TrayWatchDeps): TrayWatch {
  const stopping = new AbortController();
  const probe = trayHostProbe(surroundings);
  let looking = false;
  const set = (tray: "shown" | "missing") => view.change((before) => ({ ...before, tray }));
  const look = () => {
    if (looking) return;
    looking = true;
    void waitForTrayHost({
      ...surroundings,
      clock,
      signal: stopping.signal,
      session: sessionKindOf(surroundings.env),
      onHost: () => set("shown"),
      onMissing: () => {
        set("missing");
        onMissing();
      },
    }).finally(() => {
      looking = false;
    });
  };
  return {
    look,
    async isThere() {
      if (await probe()) return true;
      set("missing");
      look();
      return false;
    },
    stop: () => stopping.abort(),
  };
}
