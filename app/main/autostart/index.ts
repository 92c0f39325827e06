import { type Files } from "../../ports/files.ts";
import { createQueue } from "../../ports/queue.ts";
import { UserError } from "../../shared/data/errors.ts";
import type { StartLock } from "../../shared/view/start-lock.ts";
import { startLockSentence } from "../../shared/words/window.ts";
import { type LoginItem, type LoginItemsApp, macLoginItem, windowsLoginItem } from "./login-items.ts";
import { binaryOf, type Place, whyLocked } from "./place.ts";
import { createStartFile } from "./start-file.ts";

export { isLoginLaunch } from "./login-items.ts";

/** The switch "Start at login". */
export interface StartAtLogin {
  /** `locked` is why the switch cannot be used; null = it can. Never rejects. */
  read(): Promise<{ readonly on: boolean; readonly locked: StartLock | null }>;
  /** @throws UserError when it is locked, or could not be done. */
  set(on: boolean): Promise<void>;
  /**
   * To be called once at start: where the switch is on and the program that it names is gone, it names this one from now on.
   * Does nothing where it is locked. @throws UserError when the entry could not be written.
   */
  repair(): Promise<void>;
}

export interface StartAtLoginDeps extends Place {
  readonly files: Files;
  /** The user's home folder. */
  readonly home: string;
  /** An unguessable name for a temp file. */
  readonly tempId: () => string;
  readonly app: LoginItemsApp;
}

/** @returns the switch for this platform and place. Makes nothing by itself, and nothing at all where it is locked. */
export function createStartAtLogin(deps: StartAtLoginDeps): StartAtLogin {
  const reason = whyLocked(deps);
  if (reason !== null) return locked(reason);
  if (deps.platform === "darwin") return byLoginItem(macLoginItem(deps.app));
  if (deps.platform === "win32") return byLoginItem(windowsLoginItem(deps.app, deps.execPath));
  return byStartFile(deps);
}

function locked(reason: StartLock): StartAtLogin {
  return {
    read: () => Promise.resolve({ on: false, locked: reason }),
    set: () => Promise.reject(new UserError(startLockSentence(reason), 2)),
    repair: () => Promise.resolve(),
  };
}

function byLoginItem(item: LoginItem): StartAtLogin {
  return {
    read: async () => {
      const { on, pending } = item.read();
      return { on, locked: pending };
    },
    set: async (on) => item.set(on),
    // Neither system lets us see an entry of a program that is gone.
    repair: () => Promise.resolve(),
  };
}

function byStartFile(deps: StartAtLoginDeps): StartAtLogin {
  const file = createStartFile(deps);
  // A second click must not overtake the first.
  const queue = createQueue();
  return {
    async read() {
      const { on, foreign } = await file.read();
      return { on, locked: foreign };
    },
    set: (on) =>
      queue(async () => {
        const { foreign } = await file.read();
        if (foreign !== null) throw new UserError(startLockSentence(foreign), 3);
        if (on) await file.write(await binaryOf(deps, deps.files));
        else await file.remove();
      }),
    repair: () => queue(async () => file.repair(await binaryOf(deps, deps.files))),
  };
}
