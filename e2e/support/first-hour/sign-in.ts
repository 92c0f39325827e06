/** A sign-in with the real opencode, in a terminal in which `opencode auth login` runs. */
import type { Desktop } from "../desktop/desktop.ts";
import type { ScreenWindow } from "../desktop/windows.ts";
import { opencodeDraws } from "../opencode/user.ts";
import { readCode } from "../server/sign-in-door.ts";

/** What the person does in that terminal, part by part. */
export interface SignIn {
  /** Picks the provider out of opencode's list, reads the code on the provider's page and types it. */
  typeCode(): Promise<void>;
  /** Enter, and opencode has stored the login. */
  finish(): Promise<void>;
}

/**
 * Resolves as soon as opencode shows its list of providers.
 * @param run which opencode of this home it is, from 1
 */
export async function signIn(desktop: Desktop, terminal: ScreenWindow, run: number): Promise<SignIn> {
  const { home, type, press } = desktop;
  await opencodeDraws(home, run, /Select provider[\s\S]*to search/);
  return {
    async typeCode() {
      await terminal.activate();
      await type("anthropic");
      await press("Return");
      const [, page = ""] = await opencodeDraws(home, run, /Go to: (http:\S+)[\s\S]*authorization code here/);
      await type(await readCode(page));
    },
    async finish() {
      await press("Return");
      await opencodeDraws(home, run, /Login successful/);
    },
  };
}
