/** `open`: shows the window of the app that runs in this state dir. */
import type { OpenAnswer } from "../../platform/process/app-socket.ts";
import { openSentence } from "../../shared/words/commands.ts";
import { visible } from "../../shared/words/visible.ts";
import type { Output } from "../output.ts";
import { jsonDocument } from "../text/json.ts";

export interface OpenContext {
  readonly output: Output;
  readonly json: boolean;
  readonly stateDir: string;
  readonly ask: () => Promise<OpenAnswer>;
}

/** @returns the exit code. */
export async function open({ output, json, stateDir, ask }: OpenContext): Promise<number> {
  const answer = await ask();
  const sentence = `${visible(openSentence(answer, stateDir))}\n`;
  if (json) output.out(jsonDocument({ version: 1, opened: answer === "opened" }));
  if (answer === "opened") {
    if (!json) output.out(sentence);
    return 0;
  }
  output.err(sentence);
  return 3;
}
