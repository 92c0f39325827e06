import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { bundle } from "../bundle.ts";
import type { TokenRules } from "./token-authority.ts";
import type { TokenServer } from "./token-server.ts";

type Method = Exclude<keyof TokenServer, "tokenUrl" | "apiUrl">;

export interface Call {
  readonly id: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

export type FromChild =
  | { readonly kind: "ready"; readonly tokenUrl: string; readonly apiUrl: string }
  | { readonly kind: "done"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly reason: string };

/** A token server that can be killed at any moment. */
export interface TokenServerProcess extends TokenServer {
  readonly pid: number;
  /** SIGKILL: no answer that is under way arrives. Resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Starts a provider in a process of its own, which ends with this one. */
export async function startTokenServerProcess(rules: Partial<TokenRules> = {}): Promise<TokenServerProcess> {
  const program = await bundle(new URL("./token-server-main.ts", import.meta.url));
  // Values keep their kind on the way ("undefined" in an answer, for one).
  const child = fork(program.path, [JSON.stringify(rules)], { serialization: "advanced", execArgv: [] });
  const gone = once(child, "exit").then(() => program.remove());
  const line = new Line(child);
  const { tokenUrl, apiUrl } = await line.ready;
  return {
    tokenUrl,
    apiUrl,
    pid: child.pid ?? 0,
    issue: (...args) => line.call("issue", args),
    script: (...args) => line.call("script", args),
    unscript: (...args) => line.call("unscript", args),
    release: (...args) => line.call("release", args),
    revoke: (...args) => line.call("revoke", args),
    requests: (...args) => line.call("requests", args),
    seen: (...args) => line.call("seen", args),
    redemptions: (...args) => line.call("redemptions", args),
    standing: (...args) => line.call("standing", args),
    async close() {
      await line.call("close", []);
      child.disconnect();
      await gone;
    },
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** Questions and answers over the child's IPC channel. */
class Line {
  readonly ready: Promise<{ readonly tokenUrl: string; readonly apiUrl: string }>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #last = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.ready = new Promise((resolve, reject) => {
      child.on("message", (message: FromChild) => {
        if (message.kind === "ready") resolve(message);
        else this.#settle(message);
      });
      child.once("exit", (code, signal) => {
        const error = new Error(`the token server ended (${signal ?? code})`);
        reject(error);
        for (const { reject: give } of this.#waiting.values()) give(error);
        this.#waiting.clear();
      });
    });
  }

  call<M extends Method>(method: M, args: Parameters<TokenServer[M]>): ReturnType<TokenServer[M]> {
    const id = ++this.#last;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, method, args } satisfies Call, (error) => error && reject(error));
    });
    // The other side is the same interface, so the value is the one that its type promises.
    return answer as ReturnType<TokenServer[M]>;
  }

  #settle(message: Exclude<FromChild, { kind: "ready" }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === "done") waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.reason));
  }
}
