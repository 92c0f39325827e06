import { UserError } from "../../shared/data/errors.ts";
import { atMost } from "../../shared/data/pace.ts";

export interface OpenDemoDeps {
  /** Starts a program that lives on without us. @returns whether it was started. */
  readonly start: (file: string, args: readonly string[]) => Promise<boolean>;
  /** Ms of a clock that nobody sets. */
  readonly now: () => number;
  readonly execPath: string;
  /** In a checkout Electron must be told which app it runs; null = packaged. */
  readonly appFolder: string | null;
  /** This app was started without Chromium's sandbox (as root it must be), so the demo must be, too. */
  readonly unsandboxed: boolean;
}

const AGAIN_MS = 10_000;

/** @returns what opens the demo as a second, separate app; one at a time. It throws a UserError when it could not. */
export function demoOpener({ start, execPath, appFolder, unsandboxed, now }: OpenDemoDeps): () => Promise<void> {
  const may = atMost(1, AGAIN_MS, now);
  return async () => {
    if (!may()) throw new UserError("The demo is being opened; give it a moment.", 3);
    await open({ start, execPath, appFolder, unsandboxed });
  };
}

async function open({ start, execPath, appFolder, unsandboxed }: Omit<OpenDemoDeps, "now">): Promise<void> {
  const args = [...(unsandboxed ? ["--no-sandbox"] : []), ...(appFolder === null ? [] : [appFolder]), "--demo"];
  if (await start(execPath, args)) return;
  throw new UserError('The demo could not be opened; "pilot-light demo" shows it in a terminal.', 3);
}
