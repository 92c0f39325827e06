/** The app's window as a person meets it: what it says, and where on the screen its buttons are. */
import { type Browser, chromium, type Locator, type Page } from "playwright";
import type { Desktop } from "../desktop/desktop.ts";
import { findWindow } from "../desktop/windows.ts";
import { until } from "../wait.ts";
import type { Hand } from "./story.ts";

/** How it is found on the desktop. */
export const APP_WINDOW = { title: "^Pilot Light$" } as const;

export interface AppWindow {
  /** The page of the window that is open now, as soon as it shows the keeper's first snapshot. */
  page(withinMs?: number): Promise<Page>;
  /** Clicks with the real mouse in the middle of what the page has there. */
  click(hand: Hand, target: Locator): Promise<void>;
  /** Resolves when it shows the same for a moment, at the same size. */
  still(): Promise<void>;
  close(): Promise<void>;
}

/** @param port where the app's Chromium can be looked at */
export function appWindow(desktop: Desktop, port: number): AppWindow {
  let browser: Browser | null = null;
  const connected = (): Promise<Browser | null> =>
    chromium.connectOverCDP(`http://127.0.0.1:${port}`).catch(() => null);
  return {
    async page(withinMs = 60_000) {
      const page = await until(
        "the window is there",
        async () => {
          browser ??= await connected();
          const [found] = browser?.contexts().flatMap((context) => context.pages()) ?? [];
          return found;
        },
        withinMs,
      );
      const summary = page.locator("header .summary").filter({ hasNotText: /^Starting/ });
      await summary.waitFor({ timeout: 30_000 });
      return page;
    },
    async click(hand, target) {
      await target.scrollIntoViewIfNeeded();
      const box = await target.boundingBox();
      if (box === null) throw new Error(`not to be seen: ${String(target)}`);
      const window = await findWindow(desktop.env, APP_WINDOW);
      const { x, y } = await window.place();
      await hand.click(x + box.x + box.width / 2, y + box.y + box.height / 2);
    },
    still: async () => (await findWindow(desktop.env, APP_WINDOW)).settled(),
    async close() {
      await browser?.close().catch(() => undefined);
    },
  };
}
