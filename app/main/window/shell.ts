import { shell } from "electron";
import type { PlaceDeps } from "./places.ts";

/** Opens files and folders with the programs of the desktop; it knows no way to open an address. */
export const desktopShell: PlaceDeps["shell"] = {
  openPath: (path) => shell.openPath(path),
  showItemInFolder: (path) => shell.showItemInFolder(path),
};
