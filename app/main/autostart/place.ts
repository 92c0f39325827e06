import { posix } from "node:path";
import type { Files } from "../../ports/files.ts";
import type { StartLock } from "../../shared/view/start-lock.ts";

/** Where this app runs: what decides whether it can be started at login, and how. */
export interface Place {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `process.execPath` */
  readonly execPath: string;
  /** `app.isPackaged` */
  readonly isPackaged: boolean;
  /** `--state-dir`, its variable, or `--demo`: not the user's everyday instance. */
  readonly ownInstance: boolean;
}

/** @returns why the app cannot be started at login from here; null = it can. */
export function whyLocked({ platform, env, execPath, isPackaged, ownInstance }: Place): StartLock | null {
  if (!isPackaged) return { kind: "checkout" };
  if (ownInstance) return { kind: "ownInstance" };
  if (platform === "darwin" || platform === "win32") return null;
  // Such variables are inherited by everything that a terminal of that kind starts: the path must agree.
  if (env["FLATPAK_ID"] && isInside(execPath, "/app")) {
    return { kind: "flatpak" };
  }
  if (env["SNAP"] && isInside(execPath, env["SNAP"])) {
    return { kind: "snap" };
  }
  // The first is forbidden by the specification; the others stand for bytes that a start file cannot hold.
  if (/[=\p{Cc}\ufffd]/u.test(execPath)) {
    return { kind: "oddPath" };
  }
  return null;
}

/** @returns the program that starts this app again: of an AppImage the image itself, since what runs is a passing mount. */
export async function binaryOf({ env, execPath }: Place, files: Pick<Files, "realPath">): Promise<string> {
  const image = env["APPIMAGE"];
  if (!image || !posix.isAbsolute(image)) return execPath;
  const mount = env["APPDIR"];
  if (!mount) return image;
  // Inherited from an AppImage that started us, a terminal perhaps?
  const real = (path: string): Promise<string> => files.realPath(path).catch(() => path);
  return isInside(await real(execPath), await real(mount)) ? image : execPath;
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
