/** A session that refreshed a login, and a watch over what others do then, for the tests of `app/credentials`. */

import { expect } from "vitest";
import { type ChangePlan, type WriteSession } from "../../app/ports/credential-file.ts";
import type { SimWriter } from "../world/files.ts";
import { type Bench, bench, type Content, flat, generations, nothing, PATH, plan, spent } from "./credential-bench.ts";

export const START = { a: "a1", b: "b1" };

export interface Scene extends Bench {
  readonly session: WriteSession;
  /** Holds the inode that stood at the path before our commit. */
  readonly orphan: SimWriter;
}

/** We refreshed `a` from a1 to a2 while another program held the old inode open. */
export async function refreshed(content: Content = START): Promise<Scene> {
  const b = bench(flat(content));
  const orphan = b.files.openInode(PATH);
  const session = b.file.openSession();
  await session.prepare();
  expect((await session.commit(plan("a", "a1", "a2"))).kind).toBe("written");
  return { ...b, session, orphan };
}

/** Watches for 3 s, closes, and gives what stands in the file then. */
export async function watched(
  scene: Scene,
  more: ChangePlan = nothing,
  isSpent = spent("a1"),
): Promise<Record<string, string>> {
  await scene.session.watch(3_000, more, isSpent);
  await scene.session.close();
  expect([scene.leftovers(), scene.files.openHandles()]).toEqual([[], 0]);
  return generations(scene.files.readText(PATH));
}
