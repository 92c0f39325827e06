import { UserError } from "../../shared/data/errors.ts";
import { TERMINAL_WORDS } from "../../shared/words/window/terminal.ts";

export interface TerminalOpenerDeps {
  /** @throws UserError where no terminal could be opened. */
  readonly run: (command: string) => Promise<void>;
  /** Ms. */
  readonly now: () => number;
}

const AGAIN_MS = 3_000;

/** @returns what opens a terminal with a command: one for two clicks, and no crowd for a page that was taken over. */
export function terminalOpener({ run, now }: TerminalOpenerDeps): (command: string) => Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  return async (command) => {
    if (now() - last < AGAIN_MS) throw new UserError(TERMINAL_WORDS.justOpened, 3);
    last = now();
    try {
      await run(command);
    } catch (error) {
      last = Number.NEGATIVE_INFINITY;
      throw error;
    }
  };
}
