import { UserError } from "../../shared/data/errors.ts";
import { atMost } from "../../shared/data/pace.ts";
import { TERMINAL_WORDS } from "../../shared/words/window/terminal.ts";

export interface TerminalOpenerDeps {
  /** @throws UserError where no terminal could be opened. */
  readonly run: (command: string) => Promise<void>;
  /** Ms of a clock that nobody sets. */
  readonly now: () => number;
}

const AGAIN_MS = 3_000;

/** @returns what opens a terminal with a command: one for two clicks, and no crowd for a page that was taken over. */
export function terminalOpener({ run, now }: TerminalOpenerDeps): (command: string) => Promise<void> {
  const may = atMost(1, AGAIN_MS, now);
  return async (command) => {
    if (!may()) throw new UserError(TERMINAL_WORDS.justOpened, 3);
    await run(command);
  };
}
