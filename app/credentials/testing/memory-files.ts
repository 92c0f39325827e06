import { type FileStat, type Files } from "../../ports/files.ts";

interface MemoryFile {
  readonly bytes: Uint8Array;
  readonly version: number;
}

/** A tree of files in memory, for code that only reads. Whatever would change something throws. */
export interface MemoryFiles extends Files {
  put(path: string, content: string | Uint8Array): void;
  remove(path: string): Promise<void>;
  link(from: string, to: string): void;
  /** From now on reading `path` fails with this code. */
  breakFile(path: string, code: string): void;
  /** What was opened, and how many bytes were read of it. */
  readonly opened: ReadonlyArray<{ readonly path: string; read: number; closed: boolean }>;
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

export function memoryFiles(): MemoryFiles {
  const files = new Map<string, MemoryFile>();
  const links = new Map<string, string>();
  const broken = new Map<string, string>();
  const opened: Array<{ path: string; read: number; closed: boolean }> = [];
  let version = 0;

  function get(path: string): MemoryFile {
    const file = files.get(links.get(path) ?? path);
    if (file === undefined) throw coded("ENOENT");
    return file;
  }

  function statOf(path: string): FileStat {
    const isFolder = [...files.keys()].some((other) => other.startsWith(`${path}/`));
    const file = isFolder ? { bytes: new Uint8Array(), version: 0 } : get(path);
    return {
      kind: isFolder ? "folder" : "file",
      dev: "1",
      ino: path,
      size: file.bytes.length,
      mtimeNs: String(file.version),
      ctimeNs: String(file.version),
      mode: 0o600,
      uid: 1,
      gid: 1,
      nlink: 1,
    };
  }

  const readOnly = (): Promise<never> => Promise.reject(coded("EROFS"));
  return {
    opened,
    put(path, content) {
      version += 1;
      files.set(path, { bytes: typeof content === "string" ? new TextEncoder().encode(content) : content, version });
    },
    link: (from, to) => void links.set(from, to),
    breakFile: (path, code) => void broken.set(path, code),
    remove: async (path) => void files.delete(path),
    stat: async (path) => statOf(path),
    realPath: async (path) => {
      get(path);
      return links.get(path) ?? path;
    },
    list: async (path) => [...files.keys()].filter((other) => other.startsWith(`${path}/`)),
    isMountPoint: async () => false,
    watchFolder: () => () => undefined,
    async open(path, how) {
      if (how !== "read") throw coded("EROFS");
      const code = broken.get(path);
      if (code !== undefined) throw coded(code);
      const { bytes } = get(path);
      const note = { path, read: 0, closed: false };
      opened.push(note);
      return {
        stat: async () => statOf(path),
        async read(position, maxBytes) {
          const part = bytes.slice(position, position + maxBytes);
          note.read += part.length;
          return part;
        },
        async close() {
          note.closed = true;
        },
        write: readOnly,
        truncate: readOnly,
        sync: readOnly,
        setMode: readOnly,
        setOwner: readOnly,
      };
    },
    makeFolder: readOnly,
    makeFolders: readOnly,
    rename: readOnly,
    removeFolder: readOnly,
    syncFolder: readOnly,
  };
}
