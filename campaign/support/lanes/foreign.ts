/** Other programs that write the credential file, each in a process of its own. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { type Bundle, bundle } from "../../../e2e/support/bundle.ts";

export type How = "in place" | "rename";

export interface Order {
  readonly id: number;
  readonly path: string;
  readonly how: How;
  /** One entry set, or with `undefined` removed; null: nothing. */
  readonly change: { readonly key: string; readonly value: unknown } | null;
  /** This text instead of what was read, as a backup tool puts it back. */
  readonly text: string | null;
  /** So long it stops before its bytes reach the file: in place, after it has opened it. */
  readonly slowMs: number;
}

export interface Done {
  readonly id: number;
  /** What it read was no whole JSON: nothing was written. */
  readonly partial: boolean;
  /** The inode that it wrote, as `inodeOf` names it. */
  readonly inode: string;
}

export interface Foreign {
  readonly pid: number;
  /** @throws when the program is gone. */
  write(order: Omit<Order, "id">): Promise<Done>;
  close(): Promise<void>;
}

/** The program, built once. */
export function foreignProgram(): Promise<Bundle> {
  return bundle(new URL("./foreign-main.ts", import.meta.url));
}

export async function startForeign(program: Bundle): Promise<Foreign> {
  const child = fork(program.path, [], { serialization: "advanced", execArgv: [], env: {} });
  const waiting = new Map<number, { resolve(done: Done): void; reject(error: Error): void }>();
  const gone = once(child, "exit").then(() => {
    for (const order of waiting.values()) order.reject(new Error("the foreign writer ended"));
  });
  child.on("message", (done: Done) => {
    waiting.get(done.id)?.resolve(done);
    waiting.delete(done.id);
  });
  await once(child, "spawn");
  let last = 0;
  return {
    pid: child.pid ?? 0,
    write(order) {
      const id = (last += 1);
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.send({ ...order, id } satisfies Order, (error) => error !== null && reject(error));
      });
    },
    async close() {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}
