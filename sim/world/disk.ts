/**
 * What the simulated disk can do (`files.ts` puts the port `Files` before it): the calls of a file system, each at once,
 * with the errors that a real one gives, for one user.
 */
import { type FileStat } from "../../app/ports/files.ts";
import { type Found, SimError, type SimInode, SimTree } from "./tree.ts";

interface Watcher {
  readonly path: string;
  readonly call: () => void;
  seen: SimInode | null;
  queued: boolean;
}

export class SimDisk {
  readonly tree: SimTree;
  readonly #uid: number;
  readonly #watchers = new Set<Watcher>();

  /** @param stamp gives the time of a change, in ns. */
  constructor(uid: number, stamp: () => string) {
    this.#uid = uid;
    this.tree = new SimTree(uid, stamp);
  }

  /** @throws SimError EACCES unless the mode of `inode` has `bit`, or root asks. */
  may(inode: SimInode, bit: number, op: string): void {
    if (this.#uid !== 0 && (inode.mode & bit) === 0) throw new SimError("EACCES", op);
  }

  /** @throws SimError EPERM unless the inode is ours and stays so, or root asks. */
  mayOwn(inode: SimInode, newUid: number, op: string): void {
    if (this.#uid !== 0 && (inode.uid !== this.#uid || newUid !== this.#uid)) throw new SimError("EPERM", op);
  }

  /** What a path means, links followed; null = nothing, or not to be reached. */
  at(path: string): SimInode | null {
    try {
      return this.tree.find(path, true, "look").inode;
    } catch {
      return null;
    }
  }

  add(path: string, kind: SimInode["kind"], mode: number, op: string): SimInode {
    const found = this.tree.find(path, false, op);
    if (found.inode !== null) throw new SimError("EEXIST", op);
    const folder = this.#folderOf(found, op);
    const inode = this.tree.create(kind, mode);
    this.tree.link(folder, found.name, inode);
    this.#notify(folder);
    return inode;
  }

  addName(inode: SimInode, path: string): void {
    const found = this.tree.find(path, false, "link");
    if (found.inode !== null) throw new SimError("EEXIST", "link");
    if (inode.kind === "folder") throw new SimError("EPERM", "link");
    const folder = this.#folderOf(found, "link");
    this.tree.link(folder, found.name, inode);
    this.#notify(folder);
  }

  drop(path: string, wanted: "folder" | "file", op: string): void {
    const found = this.tree.find(path, false, op);
    if (found.inode === null) throw new SimError("ENOENT", op);
    if (wanted === "file" && found.inode.kind === "folder") throw new SimError("EISDIR", op);
    if (wanted === "folder" && found.inode.kind !== "folder") throw new SimError("ENOTDIR", op);
    if (found.inode.entries.size > 0) throw new SimError("ENOTEMPTY", op);
    if (found.inode.mountPoint) throw new SimError("EBUSY", op);
    const folder = this.#folderOf(found, op);
    this.tree.unlink(folder, found.name);
    this.#notify(folder);
  }

  move(from: string, to: string): void {
    const op = "rename";
    const source = this.tree.find(from, false, op);
    const target = this.tree.find(to, false, op);
    const moved = source.inode;
    const over = target.inode;
    if (moved === null) throw new SimError("ENOENT", op);
    const sourceFolder = this.#folderOf(source, op);
    const targetFolder = this.#folderOf(target, op);
    if (moved === over) return;
    if (moved.mountPoint || over?.mountPoint === true) throw new SimError("EBUSY", op);
    if (moved.kind === "folder" && `${target.path}/`.startsWith(`${source.path}/`)) throw new SimError("EINVAL", op);
    if (over?.kind === "folder" && `${source.path}/`.startsWith(`${target.path}/`)) throw new SimError("ENOTEMPTY", op);
    if (over !== null && over.kind === "folder" && moved.kind !== "folder") throw new SimError("EISDIR", op);
    if (over !== null && over.kind !== "folder" && moved.kind === "folder") throw new SimError("ENOTDIR", op);
    if (over !== null && over.entries.size > 0) throw new SimError("ENOTEMPTY", op);
    this.tree.move(sourceFolder, source.name, targetFolder, target.name, moved);
    this.#notify(targetFolder);
    if (sourceFolder !== targetFolder) this.#notify(sourceFolder);
  }

  setData(inode: SimInode, data: Uint8Array): void {
    this.tree.setData(inode, data);
    this.#notifyHomes(inode);
  }

  /** Writes into the middle, as `pwrite` does. */
  splice(inode: SimInode, data: Uint8Array, position: number): void {
    const next = new Uint8Array(Math.max(inode.data.length, position + data.length));
    next.set(inode.data);
    next.set(data, position);
    this.setData(inode, next);
  }

  cut(inode: SimInode, size: number): void {
    const next = new Uint8Array(size);
    next.set(inode.data.subarray(0, size));
    this.setData(inode, next);
  }

  setMode(inode: SimInode, mode: number): void {
    inode.mode = mode;
    this.tree.touch(inode);
    this.#notifyHomes(inode);
  }

  setOwner(inode: SimInode, uid: number, gid: number): void {
    inode.uid = uid;
    inode.gid = gid;
    this.tree.touch(inode);
    this.#notifyHomes(inode);
  }

  /** Calls, coalesced and as a microtask, after a change in the folder, or when it comes or goes. Returns the stop. */
  watch(path: string, call: () => void): () => void {
    const watcher: Watcher = { path, call, seen: this.at(path), queued: false };
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  stopWatching(): void {
    this.#watchers.clear();
  }

  /** The folder in which `found` stands, if it may be changed. */
  #folderOf(found: Found, op: string): SimInode {
    if (found.parent === null) throw new SimError("EBUSY", op);
    this.may(found.parent, 0o200, op);
    return found.parent;
  }

  #notify(folder: SimInode): void {
    for (const watcher of this.#watchers) {
      const inode = this.at(watcher.path);
      if (inode !== folder && inode === watcher.seen) continue;
      watcher.seen = inode;
      if (watcher.queued) continue;
      watcher.queued = true;
      queueMicrotask(() => {
        watcher.queued = false;
        if (this.#watchers.has(watcher)) watcher.call();
      });
    }
  }

  #notifyHomes(inode: SimInode): void {
    if (this.#watchers.size === 0) return;
    for (const home of new Set(inode.homes)) this.#notify(home);
  }
}

export function statOf(inode: SimInode): FileStat {
  return {
    kind: inode.kind,
    dev: "1",
    ino: String(inode.ino),
    size: inode.data.length,
    mtimeNs: inode.mtimeNs,
    ctimeNs: inode.ctimeNs,
    mode: inode.mode & 0o777,
    uid: inode.uid,
    gid: inode.gid,
    nlink: inode.kind === "folder" ? 2 : inode.homes.length,
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

export function textOf(data: Uint8Array): string {
  return decoder.decode(data);
}
