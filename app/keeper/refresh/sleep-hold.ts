/** The system is asked to wait from before an exchange until its answer is in the file. */
import { type Power } from "../../ports/power.ts";
export interface SleepHold {
  /** Resolves when it is known to wait, or that it cannot be asked. One at a time: a second asks for nothing more. */
  begin(): Promise<unknown>;
  /** Lets go; nothing if nothing was begun. */
  end(): void;
}

export function createSleepHold(power: Pick<Power, "hold">): SleepHold {
  let holding: Promise<() => void> | null = null;
  return {
    begin() {
      holding ??= power.hold();
      return holding;
    },
    end() {
      void holding?.then((release) => release());
      holding = null;
    },
  };
}
