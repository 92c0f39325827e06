import { posix, win32 } from "node:path";
import type { Source } from "../../shared/settings.ts";

export interface WhereToLook {
  /** `--auth-file`. */
  readonly flag: string | null | undefined;
  /** The environment: `PILOT_LIGHT_AUTH_FILE` and `XDG_DATA_HOME` are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `authFile` of the settings. */
  readonly settings: string | null | undefined;
  /** The user's home folder, absolute. */
  readonly home: string;
  /** The current folder, absolute: relative paths of flag and environment begin there, those of the settings at `home`. */
  readonly cwd: string;
  /** As `process.platform` names it. */
  readonly platform: string;
}

export interface CredentialPath {
  /** Absolute; links are not followed and nothing need stand there. */
  readonly path: string;
  readonly source: Source;
}

/**
 * Which credential file is kept alive: the flag, else the environment, else the settings, else where opencode keeps it on
 * every system: `$XDG_DATA_HOME/opencode/auth.json`, or `~/.local/share/opencode/auth.json`. An empty value counts as
 * none, a relative `XDG_DATA_HOME` too (as its specification says). `~` is not expanded: that is the shell's work.
 */
export function credentialPath({ flag, env, settings, home, cwd, platform }: WhereToLook): CredentialPath {
  const path = platform === "win32" ? win32 : posix;
  if (flag) return { path: path.resolve(cwd, flag), source: "flag" };
  const fromEnv = env["PILOT_LIGHT_AUTH_FILE"];
  if (fromEnv) return { path: path.resolve(cwd, fromEnv), source: "env" };
  if (settings) return { path: path.resolve(home, settings), source: "settings" };
  const data = env["XDG_DATA_HOME"];
  const base = data && path.isAbsolute(data) ? data : path.join(home, ".local", "share");
  return { path: path.join(base, "opencode", "auth.json"), source: "default" };
}
