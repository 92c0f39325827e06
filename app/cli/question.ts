import { isTerminal, type Output } from "./output.ts";

/** Asks a person a question. @returns the line that was typed; "" when there will be none. */
export type Ask = (question: string) => Promise<string>;

/** @param signal aborted by Ctrl+C and the like: nobody answers any more. @returns null where there is nobody to ask. */
export function questioner(output: Output, signal: AbortSignal): Ask | null {
  const { stdin } = process;
  if (!isTerminal(stdin) || !output.terminal) return null;
  return async (question) => {
    output.out(question);
    try {
      return await new Promise<string>((resolve) => {
        const nobody = () => resolve("");
        stdin.setEncoding("utf8").once("data", (line) => resolve(String(line)));
        stdin.once("end", nobody);
        signal.addEventListener("abort", nobody);
      });
    } finally {
      // Else the terminal would keep us alive.
      stdin.pause();
    }
  };
}
