import { posix, win32 } from "node:path";
import * as v from "valibot";
import { type SharedLogins } from "../../ports/credential-file.ts";
import { type FileStat, type Files, type OpenFile } from "../../ports/files.ts";
import type { SharingUnseen } from "../../shared/login/sharing.ts";
import { containsBytes } from "./byte-search.ts";

export interface SharedLoginsOptions {
  readonly files: Files;
  /** `CLAUDE_CONFIG_DIR`, if it is set; a relative one is not known to us and left out. */
  readonly claudeConfigDir: string | null | undefined;
  /** The user's home folder, absolute. */
  readonly home: string;
  /** The credential file as asked for, absolute. */
  readonly authFile: string;
  /** As `process.platform` names it. */
  readonly platform: string;
  /** At most so many bytes of a database are searched: the first half and the last half of it. */
  readonly maxSearchBytes?: number;
}

const CLAUDE = "Claude Code";
const CLAUDE_FILE_BYTES = 1024 * 1024;
const SEARCH_BYTES = 64 * 1024 * 1024;
/** OpenCode 2 writes this into its database when it has taken over the logins of `auth.json`. */
const TAKEN_OVER = new TextEncoder().encode("20260805200742_import_legacy_credentials");

type Found = "yes" | "no" | "not in the part searched";

/**
 * Looks for other programs that hold the same grants: Claude Code by the refresh token in its own file, OpenCode 2 by the
 * mark of its take-over in the database beside the credential file. It only reads, within bounds, and remembers the answer
 * for a database that has not changed. What cannot be read tells nothing; it never throws.
 */
export function createSharedLogins(options: SharedLoginsOptions): SharedLogins {
  const { files, authFile, platform, maxSearchBytes = SEARCH_BYTES } = options;
  const path = platform === "win32" ? win32 : posix;
  const custom = options.claudeConfigDir;
  const homeFolder = path.join(options.home, ".claude");
  const claudeFolders = new Set(
    custom && path.isAbsolute(custom) ? [path.normalize(custom), homeFolder] : [homeFolder],
  );
  const searched = new Map<string, { readonly stamp: string; readonly found: Found }>();

  async function claudeTokens(): Promise<{ tokens: Map<string, string>; unseen: SharingUnseen | null }> {
    const tokens = new Map<string, string>();
    let hidden = false;
    for (const folder of claudeFolders) {
      const file = path.join(folder, ".credentials.json");
      const stat = await statOf(files, file);
      if (stat === null) hidden ||= platform === "darwin" && (await statOf(files, folder))?.kind === "folder";
      else if (stat.kind === "file") {
        const token = refreshTokenIn(await readSmall(files, file));
        if (token !== null) tokens.set(token, CLAUDE);
      }
    }
    return { tokens, unseen: hidden ? { kind: "inKeychain", program: CLAUDE } : null };
  }

  /** Beside the file as named, and beside the file that it links to: the database stands with one of them. */
  async function databases(): Promise<readonly string[]> {
    const real = await files.realPath(authFile).catch(() => authFile);
    const folders = new Set([path.dirname(real), path.dirname(authFile)]);
    return [...folders].flatMap((folder) => ["opencode.db", "opencode.db-wal"].map((name) => path.join(folder, name)));
  }

  async function search(database: string): Promise<Found> {
    const stat = await statOf(files, database);
    if (stat?.kind !== "file") {
      searched.delete(database);
      return "no";
    }
    const stamp = [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(" ");
    const known = searched.get(database);
    if (known?.stamp === stamp) return known.found;
    try {
      const found = await withFile(files, database, (file) => searchFile(file, stat.size, maxSearchBytes));
      searched.set(database, { stamp, found });
      return found;
    } catch {
      return "no";
    }
  }

  return {
    async read() {
      const { tokens, unseen } = await claudeTokens();
      const found = new Set<Found>();
      for (const database of await databases()) found.add(await search(database));
      const all = found.has("yes") ? "OpenCode 2" : null;
      return {
        tokens,
        all,
        unseen: unseen ?? (all === null && found.has("not in the part searched") ? { kind: "databaseTooLarge" } : null),
      };
    },
  };
}

async function searchFile(file: OpenFile, size: number, max: number): Promise<Found> {
  if (size <= max) return (await containsBytes(file, TAKEN_OVER, 0, size)) ? "yes" : "no";
  const half = Math.floor(max / 2);
  if (await containsBytes(file, TAKEN_OVER, 0, half)) return "yes";
  return (await containsBytes(file, TAKEN_OVER, size - half, size)) ? "yes" : "not in the part searched";
}

async function statOf(files: Files, path: string): Promise<FileStat | null> {
  try {
    return await files.stat(path);
  } catch {
    return null;
  }
}

async function withFile<T>(files: Files, path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
  const file = await files.open(path, "read");
  try {
    return await use(file);
  } finally {
    await file.close().catch(() => undefined);
  }
}

/** The bytes of a file of at most 1 MiB, or null. */
async function readSmall(files: Files, path: string): Promise<Uint8Array | null> {
  try {
    const bytes = await withFile(files, path, (file) => file.read(0, CLAUDE_FILE_BYTES + 1));
    return bytes.length > CLAUDE_FILE_BYTES ? null : bytes;
  } catch {
    return null;
  }
}

const claudeFile = v.object({ claudeAiOauth: v.object({ refreshToken: v.pipe(v.string(), v.minLength(1)) }) });

function refreshTokenIn(bytes: Uint8Array | null): string | null {
  if (bytes === null) return null;
  try {
    const read = v.safeParse(claudeFile, JSON.parse(new TextDecoder().decode(bytes)));
    return read.success ? read.output.claudeAiOauth.refreshToken : null;
  } catch {
    return null;
  }
}
