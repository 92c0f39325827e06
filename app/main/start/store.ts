import { join } from "node:path";
import { ipcMain } from "electron";
import ElectronStore from "electron-store";
import { isSmallFile } from "../../platform/files/small-file.ts";

/** @returns an electron-store that listens to no page. @throws for a file that cannot be read. */
export function openStore(options: ConstructorParameters<typeof ElectronStore>[0]): ElectronStore {
  const store = new ElectronStore(options);
  // It listens for pages that want a store of their own; ours does not, and nothing answers but the contract.
  ipcMain.removeAllListeners("electron-store-get-data");
  return store;
}

/** A value that is kept across restarts, and whose loss costs little: nothing is thrown. */
export interface KeptValue {
  /** @returns undefined where there is none, or it cannot be read. */
  read(): unknown;
  write(value: unknown): void;
}

const MOST_BYTES = 1024 * 1024;

/** @param folder absolute; the value stands in its file `name`.json, under `key`. */
export function openKeptValue(folder: string, name: string, key: string): KeptValue {
  const store = () => {
    // Whoever reads a FIFO waits for its other end, for ever.
    if (!isSmallFile(join(folder, `${name}.json`), MOST_BYTES)) throw new Error("no small file");
    return openStore({ cwd: folder, name, configFileMode: 0o600, clearInvalidConfig: true });
  };
  return {
    read: () => attempt(() => store().get(key)),
    write: (value) => attempt(() => store().set(key, value)),
  };
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
