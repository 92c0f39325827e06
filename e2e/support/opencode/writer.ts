import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { bundle } from "../bundle.ts";

/** One write of opencode: it sets an entry, or takes it out (null). */
export interface Turn {
  readonly id: string;
  readonly key: string | null;
  /** Between its reading and its writing; about 2 ms in the real one. */
  readonly gapMs: number;
}

export type Written = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Programs that write the file as opencode does, each in a process of its own. */
export interface OpencodeWriters {
  /** Has one of them take a turn; resolves when it has written. @throws when it could not. */
  write(who: number, turn: Turn): Promise<void>;
  close(): Promise<void>;
}

/** @param path the credential file, which must be there. */
export async function startOpencodeWriters(path: string, count: number): Promise<OpencodeWriters> {
  const program = await bundle(new URL("./writer-main.ts", import.meta.url));
  const children = Array.from({ length: count }, () => fork(program.path, [path], { execArgv: [] }));
  const gone = children.map((child) => once(child, "exit"));
  return {
    async write(who, turn) {
      const child = children[who];
      if (child === undefined) throw new RangeError(`there is no writer ${who}`);
      const written = await answerTo(child, turn);
      if (!written.ok) throw new Error(written.reason);
    },
    async close() {
      for (const child of children) if (child.connected) child.disconnect();
      await Promise.all(gone);
      await program.remove();
    },
  };
}

function answerTo(child: ChildProcess, turn: Turn): Promise<Written> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error("a writer ended"));
    child.once("exit", ended);
    child.once("message", (written: Written) => {
      child.off("exit", ended);
      resolve(written);
    });
    child.send(turn, (error) => error && reject(error));
  });
}
