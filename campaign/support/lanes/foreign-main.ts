/** Another program that writes the credential file, in a process of its own: see `foreign.ts`, which starts it. */
import { type FileHandle, open, readFile, rename, stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { inodeOf } from "../inode.ts";
import type { Done, Order } from "./foreign.ts";

/** As long as opencode takes between reading and writing. */
const BETWEEN_MS = 2;

/** As opencode's Auth.set does: no truncation, the tail is cut afterwards, the mode at the end. */
async function inPlace(path: string, bytes: Buffer, slowMs: number): Promise<string> {
  const file = await open(path, "r+").catch(() => open(path, "w+", 0o600));
  try {
    if (slowMs > 0) await pause(slowMs);
    await writeWhole(file, bytes);
    await file.truncate(bytes.length);
    await file.chmod(0o600);
    return inodeOf(await file.stat({ bigint: true }));
  } finally {
    await file.close();
  }
}

async function byRename(path: string, bytes: Buffer, slowMs: number): Promise<string> {
  const temp = `${path}.foreign-${process.pid}`;
  const file = await open(temp, "w", 0o600);
  try {
    await writeWhole(file, bytes);
  } finally {
    await file.close();
  }
  if (slowMs > 0) await pause(slowMs);
  const inode = inodeOf(await stat(temp, { bigint: true }));
  await rename(temp, path);
  return inode;
}

async function writeWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, bytes.length - at, at)).bytesWritten;
}

/** @returns the members of the file, null where it was no whole JSON. */
async function read(path: string): Promise<Record<string, unknown> | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

async function carryOut({ path, how, change, text, slowMs }: Order): Promise<Omit<Done, "id">> {
  const members = await read(path);
  if (members === null) return { partial: true, inode: "" };
  if (change !== null) {
    if (change.value === undefined) delete members[change.key];
    else members[change.key] = change.value;
  }
  await pause(BETWEEN_MS);
  const bytes = Buffer.from(text ?? JSON.stringify(members, null, 2));
  const inode = await (how === "in place" ? inPlace(path, bytes, slowMs) : byRename(path, bytes, slowMs));
  return { partial: false, inode };
}

process.on("message", (order: Order) => {
  carryOut(order).then(
    (done) => process.send?.({ id: order.id, ...done } satisfies Done),
    () => process.exit(1),
  );
});
// Never outlive the campaign.
process.on("disconnect", () => process.exit(0));
