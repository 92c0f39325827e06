import { shell } from "electron";
import { type Environment, startsWell } from "../../platform/process/programs.ts";
import type { PlaceDeps } from "./places.ts";

/** Long enough for xdg-open to say that nothing opens this kind of file. */
const FAILS_WITHIN_MS = 3_000;

/** Opens files and folders with the programs of the desktop; it knows no way to open an address. */
export function desktopShell(platform: NodeJS.Platform, env: Environment): PlaceDeps["shell"] {
  return {
    // Electron waits for xdg-open in its main thread, and that may last as long as the editor is open: no login would be kept.
    openPath: platform === "linux" ? (path) => xdgOpen(path, env) : (path) => shell.openPath(path),
    showItemInFolder: (path) => shell.showItemInFolder(path),
  };
}

async function xdgOpen(path: string, env: Environment): Promise<string> {
  return (await startsWell("xdg-open", [path], { env, withinMs: FAILS_WITHIN_MS })) ? "" : "not opened";
}
