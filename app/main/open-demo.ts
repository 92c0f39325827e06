import { UserError } from "../shared/errors.ts";

export interface OpenDemoDeps {
  /** Starts a program that lives on without us. @returns whether it was started. */
  readonly start: (file: string, args: readonly string[]) => Promise<boolean>;
  readonly execPath: string;
  /** In a checkout Electron must be told which app it runs; null = packaged. */
  readonly appFolder: string | null;
  /** This app was started without Chromium's sandbox (as root it must be), so the demo must be, too. */
  readonly unsandboxed: boolean;
}

/** Opens the demo as a second, separate app. @throws UserError when it could not be started. */
export async function openAnotherDemo({ start, execPath, appFolder, unsandboxed }: OpenDemoDeps): Promise<void> {
  const args = [...(unsandboxed ? ["--no-sandbox"] : []), ...(appFolder === null ? [] : [appFolder]), "--demo"];
  if (await start(execPath, args)) return;
  throw new UserError('The demo could not be opened; "pilot-light demo" shows it in a terminal.', 3);
}
