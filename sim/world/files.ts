/**
 * A deterministic file system in memory behind the port `Files`, for tests: real inode semantics (an open handle outlives
 * unlink and rename), what survives a power loss, and a gate before each operation at which a test may wait, fail or
 * stop. It has no timers of its own, so thousands of runs are cheap.
 */
import { type OpenFile, type OpenHow } from "../../app/ports/files.ts";
import type { SimFiles, SimGate, SimOp, SimOptions } from "./api.ts";
import { bytesOf, SimDisk, statOf, textOf } from "./disk.ts";
import { SimError, type SimInode } from "./tree.ts";

export type { SimFiles, SimGate, SimOp, SimOptions, SimWriter } from "./api.ts";
export { SimError } from "./tree.ts";

/** The system call that a test meets at its gate. */
export function opOf(how: OpenHow): "open" | "createNew" | "update" {
  switch (how) {
    case "read":
    case "readOwn":
      return "open";
    case "update":
    case "updateOwn":
      return "update";
    case "createNew":
      return "createNew";
  }
}

export function createSimFiles(options: SimOptions): SimFiles {
  const uid = options.uid ?? 1000;
  let changes = 0;
  const stamp = (): string => {
    changes += 1;
    const fine = options.coarseTimes === true ? 0 : changes % 1_000_000;
    return `${Math.floor(options.now())}${String(fine).padStart(6, "0")}`;
  };
  const disk = new SimDisk(uid, stamp);
  const { tree } = disk;
  let gate: SimGate | null = options.gate ?? null;
  let life = 0;
  let handles = 0;

  const handleOf = (inode: SimInode, path: string, writable: boolean): OpenFile => {
    const born = life;
    let open = true;
    handles += 1;
    const step = async (op: SimOp): Promise<void> => {
      if (gate !== null) await gate(op, path);
      if (born !== life || !open) throw new SimError("EBADF", op);
    };
    const change = async (op: SimOp): Promise<void> => {
      await step(op);
      if (!writable) throw new SimError(op === "truncate" ? "EINVAL" : "EBADF", op);
    };
    return {
      stat: async () => {
        await step("fstat");
        return statOf(inode);
      },
      read: async (position, maxBytes) => {
        await step("read");
        if (inode.kind === "folder") throw new SimError("EISDIR", "read");
        return inode.data.slice(position, position + maxBytes);
      },
      write: async (data, position) => {
        // The caller may use its buffer again while the gate is closed.
        const bytes = data.slice();
        if (bytes.length === 0) return await step("write");
        await change("write");
        disk.splice(inode, bytes, position);
      },
      truncate: async (size) => {
        await change("truncate");
        disk.cut(inode, size);
      },
      sync: async () => {
        await step("sync");
        inode.durable = inode.data;
      },
      setMode: async (mode) => {
        await step("setMode");
        disk.mayOwn(inode, inode.uid, "setMode");
        disk.setMode(inode, mode);
      },
      setOwner: async (newUid, newGid) => {
        await step("setOwner");
        disk.mayOwn(inode, newUid, "setOwner");
        disk.setOwner(inode, newUid, newGid);
      },
      close: async () => {
        await step("close");
        open = false;
        handles -= 1;
      },
    };
  };

  /** Waits at the gate, then makes sure that the power did not fail meanwhile. */
  const pass = async (op: SimOp, path: string, to?: string): Promise<void> => {
    if (gate === null) return;
    const born = life;
    await gate(op, path, to);
    if (born !== life) throw new SimError("EIO", op);
  };

  return {
    open: async (path, how, mode = 0o600) => {
      const op = opOf(how);
      await pass(op, path);
      if (how === "createNew") return handleOf(disk.add(path, "file", mode, op), path, true);
      const inode = tree.must(path, true, op);
      if (op === "update" && inode.kind === "folder") throw new SimError("EISDIR", op);
      disk.may(inode, op === "update" ? 0o200 : 0o400, op);
      return handleOf(inode, path, op === "update");
    },
    stat: async (path) => {
      await pass("stat", path);
      return statOf(tree.must(path, true, "stat"));
    },
    realPath: async (path) => {
      await pass("realPath", path);
      const found = tree.find(path, true, "realPath");
      if (found.inode === null) throw new SimError("ENOENT", "realPath");
      return found.path;
    },
    makeFolder: async (path) => {
      await pass("makeFolder", path);
      disk.add(path, "folder", 0o700, "makeFolder");
    },
    makeFolders: async (path) => {
      await pass("makeFolders", path);
      const names = path.split("/").filter((name) => name !== "");
      for (let depth = 1; depth <= names.length; depth += 1) {
        const part = `/${names.slice(0, depth).join("/")}`;
        const there = tree.find(part, true, "makeFolders").inode;
        if (there === null) disk.add(part, "folder", 0o700, "makeFolders");
        else if (there.kind !== "folder") throw new SimError("ENOTDIR", "makeFolders");
      }
    },
    list: async (path) => {
      await pass("list", path);
      const folder = tree.must(path, true, "list");
      if (folder.kind !== "folder") throw new SimError("ENOTDIR", "list");
      disk.may(folder, 0o400, "list");
      return [...folder.entries.keys()];
    },
    rename: async (from, to) => {
      await pass("rename", from, to);
      disk.move(from, to);
    },
    remove: async (path) => {
      await pass("remove", path);
      disk.drop(path, "file", "remove");
    },
    removeFolder: async (path) => {
      await pass("removeFolder", path);
      disk.drop(path, "folder", "removeFolder");
    },
    syncFolder: async (path) => {
      await pass("syncFolder", path);
      const folder = tree.must(path, true, "syncFolder");
      folder.durableEntries = new Map(folder.entries);
      folder.changes = [];
    },
    isMountPoint: async (path) => {
      await pass("isMountPoint", path);
      return tree.must(path, true, "isMountPoint").mountPoint;
    },
    watchFolder: (path, onChange) => disk.watch(path, onChange),

    setGate: (next) => {
      gate = next;
    },
    readText: (path) => {
      const inode = disk.at(path);
      return inode?.kind === "file" ? textOf(inode.data) : null;
    },
    statNow: (path) => statOf(tree.must(path, true, "stat")),
    listNow: (path) => [...tree.must(path, true, "list").entries.keys()],
    writeInPlace: (path, text) => {
      const found = tree.find(path, true, "write");
      const inode = found.inode ?? disk.add(found.path, "file", 0o600, "write");
      disk.setData(inode, typeof text === "string" ? bytesOf(text) : text.slice());
    },
    replace: (path, text) => {
      const temp = `${path}.sim-replace`;
      const inode = disk.add(temp, "file", 0o600, "replace");
      disk.setData(inode, bytesOf(text));
      disk.move(temp, path);
    },
    removeNow: (path) => disk.drop(path, "file", "remove"),
    openInode: (path) => {
      const inode = tree.must(path, true, "open");
      return {
        write: (text) => {
          disk.setData(inode, bytesOf(text));
        },
        overwrite: (text) => disk.splice(inode, bytesOf(text), 0),
        truncate: (size) => disk.cut(inode, size),
        read: () => textOf(inode.data),
      };
    },
    makeFolderNow: (path) => {
      disk.add(path, "folder", 0o700, "makeFolder");
    },
    makeFifoNow: (path) => {
      disk.add(path, "other", 0o600, "mkfifo");
    },
    symlinkNow: (path, target) => {
      disk.add(path, "link", 0o777, "symlink").target = target;
    },
    hardLinkNow: (existing, path) => {
      disk.addName(tree.must(existing, false, "link"), path);
    },
    chmodNow: (path, mode) => {
      disk.setMode(tree.must(path, true, "chmod"), mode);
    },
    chownNow: (path, newUid, newGid) => {
      disk.setOwner(tree.must(path, true, "chown"), newUid, newGid);
    },
    setMountPoint: (path, mounted) => {
      tree.must(path, true, "mount").mountPoint = mounted;
    },
    isDurable: (path) => {
      const found = tree.find(path, true, "look");
      if (found.inode === null || found.inode.durable !== found.inode.data) return false;
      const names = found.path.split("/").filter((name) => name !== "");
      return names.every((_name, depth) => {
        const part = tree.find(`/${names.slice(0, depth + 1).join("/")}`, true, "look");
        return part.inode !== null && part.parent?.durableEntries.get(part.name) === part.inode;
      });
    },
    settle: () => tree.settle(),
    powerLoss: (pickFraction) => {
      tree.powerLoss(pickFraction);
      life += 1;
      handles = 0;
      disk.stopWatching();
    },
    openHandles: () => handles,
  };
}
