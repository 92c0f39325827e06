import { type BigIntStats, constants } from "node:fs";
import * as fs from "node:fs/promises";
import { dirname } from "node:path";
import { type FileStat, type Files, type OpenFile, type OpenHow } from "../../ports/files.ts";
import { errorCode } from "../../shared/data/errors.ts";
import { parseMountPoints } from "./mount-points.ts";
import { watchFolder } from "./watch-folder.ts";

const WINDOWS = process.platform === "win32";
const READ_CHUNK = 64 * 1024;

/** @returns the real file system. Errors are those of Node, with a POSIX `code`. */
export function createFiles(): Files {
  return {
    open,
    stat: async (path) => toStat(await fs.stat(path, { bigint: true })),
    realPath: (path) => fs.realpath(path),
    makeFolder: (path) => fs.mkdir(path, 0o700),
    makeFolders: async (path) => {
      await fs.mkdir(path, { recursive: true, mode: 0o700 });
    },
    list: (path) => fs.readdir(path),
    rename: (from, to) => patiently(() => fs.rename(from, to)),
    remove: (path) => patiently(() => fs.unlink(path)),
    removeFolder: (path) => patiently(() => fs.rmdir(path)),
    syncFolder,
    isMountPoint,
    watchFolder,
  };
}

async function open(path: string, how: OpenHow, mode = 0o600): Promise<OpenFile> {
  if (how === "createNew") return createNew(path, mode);
  return toOpenFile(await fs.open(path, flagsOf(how) | nonBlocking()));
}

function flagsOf(how: Exclude<OpenHow, "createNew">): number {
  switch (how) {
    case "read":
      return constants.O_RDONLY;
    case "readOwn":
      return constants.O_RDONLY | flag("O_NOFOLLOW");
    case "update":
      return constants.O_RDWR;
    case "updateOwn":
      return constants.O_RDWR | flag("O_NOFOLLOW");
  }
}

/** Without it, opening a FIFO waits for the other end for ever. Windows has neither. (Node sets close-on-exec itself.) */
function nonBlocking(): number {
  return flag("O_NONBLOCK");
}

function flag(name: "O_NONBLOCK" | "O_NOFOLLOW" | "O_DIRECTORY"): number {
  const known: { readonly [K in typeof name]?: number } = constants;
  return known[name] ?? 0;
}

async function createNew(path: string, mode: number): Promise<OpenFile> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | flag("O_NOFOLLOW");
  // Never more than the owner's rights at first; the rest is given once the file is there.
  const handle = await fs.open(path, flags, mode & 0o600);
  if (WINDOWS) return toOpenFile(handle);
  try {
    // The umask may have taken bits away.
    const made = await handle.stat();
    if ((made.mode & 0o777) !== mode) await handle.chmod(mode);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await fs.unlink(path).catch(() => undefined);
    throw error;
  }
  return toOpenFile(handle);
}

function toOpenFile(handle: fs.FileHandle): OpenFile {
  return {
    stat: async () => toStat(await handle.stat({ bigint: true })),
    read: (position, maxBytes) => readFully(handle, position, maxBytes),
    write: (data, position) => writeFully(handle, data, position),
    truncate: (size) => handle.truncate(size),
    sync: () => handle.sync(),
    setMode: (mode) => handle.chmod(mode),
    setOwner: (uid, gid) => handle.chown(uid, gid),
    close: () => handle.close(),
  };
}

async function readFully(handle: fs.FileHandle, position: number, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  while (total < maxBytes) {
    const chunk = new Uint8Array(Math.min(READ_CHUNK, maxBytes - total));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position + total);
    if (bytesRead === 0) break;
    chunks.push(chunk.subarray(0, bytesRead));
    total += bytesRead;
  }
  return new Uint8Array(Buffer.concat(chunks, total));
}

async function writeFully(handle: fs.FileHandle, data: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < data.length) {
    const { bytesWritten } = await handle.write(data, done, data.length - done, position + done);
    if (bytesWritten === 0) throw Object.assign(new Error("the disk took no more bytes"), { code: "EIO" });
    done += bytesWritten;
  }
}

function toStat(stats: BigIntStats): FileStat {
  return {
    kind: kindOf(stats),
    dev: String(stats.dev),
    ino: String(stats.ino),
    size: Number(stats.size),
    mtimeNs: String(stats.mtimeNs),
    ctimeNs: String(stats.ctimeNs),
    mode: Number(stats.mode) & 0o777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    nlink: Number(stats.nlink),
  };
}

function kindOf(stats: BigIntStats): FileStat["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "other";
}

/** Windows refuses while a scanner or another reader holds the file open: such moments pass. */
async function patiently(action: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      const code = errorCode(error);
      const passes = code === "EPERM" || code === "EACCES" || code === "EBUSY";
      if (!WINDOWS || !passes || attempt === 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.min(250, 2 ** (attempt + 1))));
    }
  }
}

/** What file systems say that cannot sync a folder. */
const NO_FOLDER_SYNC: ReadonlySet<string | null> = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

async function syncFolder(path: string): Promise<void> {
  if (WINDOWS) return;
  const handle = await fs.open(path, constants.O_RDONLY | flag("O_DIRECTORY"));
  try {
    await handle.sync();
  } catch (error) {
    if (!NO_FOLDER_SYNC.has(errorCode(error))) throw error;
  } finally {
    await handle.close();
  }
}

async function isMountPoint(path: string): Promise<boolean> {
  let real: string;
  try {
    real = await fs.realpath(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
  const mountinfo = process.platform === "linux" ? await readOrNull("/proc/self/mountinfo") : null;
  // Only the table shows a bind mount, which has the device of its surroundings.
  if (mountinfo !== null) return parseMountPoints(mountinfo).has(real);
  const parent = dirname(real);
  if (parent === real) return true;
  const [own, above] = await Promise.all([fs.stat(real, { bigint: true }), fs.stat(parent, { bigint: true })]);
  return own.dev !== above.dev;
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await fs.readFile(path, "utf8");
  } catch {
    return null;
  }
}
