import { spawn } from "node:child_process";
import { once } from "node:events";
import { until } from "./wait.ts";

/** A program on a terminal of its own: what it draws, and keys for it. */
export interface Terminal {
  /** Everything that it has drawn so far, control sequences included. */
  drawn(): string;
  /** Resolves as soon as `part` was drawn behind the first `from` characters. @throws after a while. */
  draws(part: string | RegExp, from?: number): Promise<void>;
  type(keys: string): void;
  /** The exit code; null = a signal ended it. */
  readonly ended: Promise<number | null>;
  close(): void;
}

/** @param command a line for a shell; 80 columns and 24 lines. */
export function onTerminal(command: string, env: NodeJS.ProcessEnv, cwd: string): Terminal {
  const line = `stty cols 80 rows 24; exec ${command}`;
  const child = spawn("script", ["-qefc", line, "/dev/null"], { cwd, env: { TERM: "xterm", ...env }, stdio: "pipe" });
  let drawn = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    drawn += text;
  });
  const ended = once(child, "close").then(() => child.exitCode);
  return {
    drawn: () => drawn,
    async draws(part, from = 0) {
      await until(`it draws ${String(part)}`, () => drawn.slice(from).search(part) !== -1).catch((error: unknown) => {
        throw new Error(`it drew ${JSON.stringify(drawn.slice(from))}`, { cause: error });
      });
    },
    type: (keys) => void child.stdin.write(keys),
    ended,
    close: () => void child.kill("SIGKILL"),
  };
}
