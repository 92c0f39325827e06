import { join } from "node:path";

/**
 * All that a program needs to find its places in this home and nowhere else; nothing of ours but PATH.
 * @param temp its folder for temporary files
 */
export function homeEnvironment(home: string, temp: string = join(home, "tmp")): Readonly<Record<string, string>> {
  return {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    HOME: home,
    TMPDIR: temp,
    XDG_CACHE_HOME: join(home, ".cache"),
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local", "share"),
    XDG_STATE_HOME: join(home, ".local", "state"),
  };
}

/** Where opencode keeps its logins in this home. */
export function authFileIn(home: string): string {
  return join(home, ".local", "share", "opencode", "auth.json");
}
