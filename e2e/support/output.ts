import type { ChildProcess } from "node:child_process";

/** What a program has printed so far. */
export interface Output {
  stdout(): string;
  stderr(): string;
  /** Both streams, one after the other. */
  printed(): string;
}

/** Collects all that a program prints from now on; `onText` hears of each piece, after it is there. */
export function collect(child: Pick<ChildProcess, "stdout" | "stderr">, onText: () => void = () => undefined): Output {
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (piece: string) => {
      text[name] += piece;
      onText();
    });
  }
  return { stdout: () => text.stdout, stderr: () => text.stderr, printed: () => text.stdout + text.stderr };
}
