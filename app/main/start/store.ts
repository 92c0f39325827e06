import { ipcMain } from "electron";
import ElectronStore from "electron-store";

/** @returns an electron-store that listens to no page. @throws for a file that cannot be read. */
export function openStore(options: ConstructorParameters<typeof ElectronStore>[0]): ElectronStore {
  const store = new ElectronStore(options);
  // It listens for pages that want a store of their own; ours does not, and nothing answers but the contract.
  ipcMain.removeAllListeners("electron-store-get-data");
  return store;
}
