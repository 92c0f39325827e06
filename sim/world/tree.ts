/**
 * The inodes of the simulated file system (`files.ts`): folders, files, links, who names whom, and what of it would
 * survive a power loss. Everything here is synchronous.
 */

/** An error as the real file system gives it: `code` is POSIX ("ENOENT"). The message never quotes content. */
export class SimError extends Error {
  override readonly name = "SimError";
  readonly code: string;
  constructor(code: string, op: string) {
    super(`${code}: ${op}`);
    this.code = code;
  }
}

/** One change of a folder that is not durable yet: each name now means that inode (null = gone), all of them or none. */
interface EntryChange {
  readonly names: readonly (readonly [name: string, inode: SimInode | null])[];
  /** A move out of this folder is durable only with the move into the other one. */
  readonly needs: EntryChange | null;
}

/** A file, folder, link or something else (FIFO, device). */
export class SimInode {
  readonly ino: number;
  readonly kind: "file" | "folder" | "link" | "other";
  mode: number;
  uid: number;
  gid: number;
  mtimeNs = "0";
  ctimeNs = "0";
  /** The folders that name it, once per name. */
  homes: SimInode[] = [];
  /** Of a file. Never changed in place, so that a reader or `durable` may share it. */
  data: Uint8Array = new Uint8Array(0);
  durable: Uint8Array = this.data;
  /** Of a folder. */
  entries = new Map<string, SimInode>();
  durableEntries = new Map<string, SimInode>();
  changes: EntryChange[] = [];
  /** Of a link. */
  target = "";
  mountPoint = false;

  constructor(ino: number, kind: SimInode["kind"], mode: number, uid: number) {
    this.ino = ino;
    this.kind = kind;
    this.mode = mode;
    this.uid = uid;
    this.gid = uid;
  }
}

/** Where a path leads: `inode` is null when the last name does not exist. */
export interface Found {
  /** null for the root. */
  readonly parent: SimInode | null;
  readonly name: string;
  readonly inode: SimInode | null;
  /** The path without links. */
  readonly path: string;
}

const MAX_LINKS = 40;

export class SimTree {
  readonly root: SimInode;
  readonly #uid: number;
  readonly #stamp: () => string;
  #lastIno = 1;

  /** @param stamp gives the time of a change, in ns. */
  constructor(uid: number, stamp: () => string) {
    this.#uid = uid;
    this.#stamp = stamp;
    this.root = new SimInode(1, "folder", 0o755, uid);
  }

  /** @throws SimError ENOENT, ENOTDIR (on the way) or ELOOP. */
  find(path: string, followLast: boolean, op: string): Found {
    let rest = path.split("/");
    let trail: { readonly folder: SimInode; readonly name: string }[] = [];
    let folder = this.root;
    let links = 0;
    while (rest.length > 0) {
      const part = rest.shift() ?? "";
      if (part === "" || part === ".") continue;
      if (folder.kind !== "folder") throw new SimError("ENOTDIR", op);
      if (part === "..") {
        folder = trail.pop()?.folder ?? this.root;
        continue;
      }
      const last = rest.length === 0;
      const child = folder.entries.get(part) ?? null;
      if (child?.kind === "link" && (followLast || !last)) {
        links += 1;
        if (links > MAX_LINKS) throw new SimError("ELOOP", op);
        if (child.target.startsWith("/")) {
          trail = [];
          folder = this.root;
        }
        rest = [...child.target.split("/"), ...rest];
        continue;
      }
      if (last) return { parent: folder, name: part, inode: child, path: pathOf(trail, part) };
      if (child === null) throw new SimError("ENOENT", op);
      trail.push({ folder, name: part });
      folder = child;
    }
    const here = trail.pop();
    return {
      parent: here?.folder ?? null,
      name: here?.name ?? "",
      inode: folder,
      path: pathOf(trail, here?.name ?? ""),
    };
  }

  /** @throws SimError, also ENOENT when nothing is there. */
  must(path: string, followLast: boolean, op: string): SimInode {
    const { inode } = this.find(path, followLast, op);
    if (inode === null) throw new SimError("ENOENT", op);
    return inode;
  }

  create(kind: SimInode["kind"], mode: number): SimInode {
    this.#lastIno += 1;
    const inode = new SimInode(this.#lastIno, kind, mode, this.#uid);
    inode.mtimeNs = this.#stamp();
    inode.ctimeNs = inode.mtimeNs;
    return inode;
  }

  /** Lets `name` in `folder` mean `inode`; what it meant before loses that name. */
  link(folder: SimInode, name: string, inode: SimInode): void {
    this.#set(folder, name, inode);
    this.#record(folder, [[name, inode]], null);
  }

  unlink(folder: SimInode, name: string): void {
    this.#set(folder, name, null);
    this.#record(folder, [[name, null]], null);
  }

  /** A rename: in one folder it is one change, so no power loss can halve it. */
  move(from: SimInode, name: string, to: SimInode, newName: string, inode: SimInode): void {
    this.#set(to, newName, inode);
    this.#set(from, name, null);
    if (from === to) {
      this.#record(
        to,
        [
          [newName, inode],
          [name, null],
        ],
        null,
      );
      return;
    }
    const arrival = this.#record(to, [[newName, inode]], null);
    this.#record(from, [[name, null]], arrival);
  }

  setData(inode: SimInode, data: Uint8Array): void {
    inode.data = data;
    inode.mtimeNs = this.#stamp();
    inode.ctimeNs = inode.mtimeNs;
  }

  touch(inode: SimInode): void {
    inode.ctimeNs = this.#stamp();
  }

  /** Writes everything through to the disk. */
  settle(): void {
    for (const inode of reachable(this.root)) {
      inode.durable = inode.data;
      inode.durableEntries = new Map(inode.entries);
      inode.changes = [];
    }
  }

  /** The power fails: see `SimFiles.powerLoss`. */
  powerLoss(pick: () => number): void {
    const before = [...reachable(this.root)];
    const survived = new Set<EntryChange>();
    const folders = before.filter((inode) => inode.kind === "folder");
    for (const folder of folders) {
      const count = Math.floor(pick() * (folder.changes.length + 1));
      for (const change of folder.changes.slice(0, count)) survived.add(change);
    }
    for (const folder of folders) {
      for (const change of folder.changes) {
        if (!survived.has(change) || (change.needs !== null && !survived.has(change.needs))) continue;
        for (const [name, inode] of change.names) {
          if (inode === null) folder.durableEntries.delete(name);
          else folder.durableEntries.set(name, inode);
        }
      }
      folder.entries = new Map(folder.durableEntries);
      folder.changes = [];
    }
    const after = [...reachable(this.root)];
    for (const inode of after) inode.homes = [];
    for (const inode of after) {
      for (const child of inode.entries.values()) child.homes.push(inode);
      if (inode.kind !== "file" || inode.data === inode.durable) continue;
      inode.data = surviving(inode, pick);
      inode.durable = inode.data;
    }
  }

  #set(folder: SimInode, name: string, inode: SimInode | null): void {
    const old = folder.entries.get(name);
    if (old !== undefined) {
      const home = old.homes.indexOf(folder);
      if (home >= 0) old.homes.splice(home, 1);
      this.touch(old);
    }
    if (inode === null) {
      folder.entries.delete(name);
      return;
    }
    folder.entries.set(name, inode);
    inode.homes.push(folder);
    this.touch(inode);
  }

  #record(folder: SimInode, names: EntryChange["names"], needs: EntryChange | null): EntryChange {
    const change = { names, needs };
    folder.changes.push(change);
    folder.mtimeNs = this.#stamp();
    folder.ctimeNs = folder.mtimeNs;
    return change;
  }
}

function pathOf(trail: readonly { readonly name: string }[], last: string): string {
  return `/${[...trail.map(({ name }) => name), last].filter((name) => name !== "").join("/")}`;
}

function surviving(inode: SimInode, pick: () => number): Uint8Array {
  const fate = pick();
  if (fate < 1 / 3) return inode.durable;
  if (fate < 2 / 3) return inode.data;
  return inode.data.slice(0, Math.floor(pick() * inode.data.length));
}

/** Everything that can be reached now, or after a power loss. */
function reachable(root: SimInode): Set<SimInode> {
  const seen = new Set([root]);
  for (const inode of seen) {
    for (const child of inode.entries.values()) seen.add(child);
    for (const child of inode.durableEntries.values()) seen.add(child);
    for (const { names } of inode.changes) {
      for (const [, child] of names) if (child !== null) seen.add(child);
    }
  }
  return seen;
}
