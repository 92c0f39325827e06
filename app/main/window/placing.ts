import type { BrowserWindow, BrowserWindowConstructorOptions } from "electron";
import { type Box, fitted, isResized, openingOf, SIZE } from "./placement.ts";
import type { Remembered } from "./remembered.ts";

export interface PlacingDeps {
  readonly remembered: Remembered;
  /** Of each screen that there is now what a window can use; the main one first. */
  readonly areas: () => readonly Box[];
}

/** Where one window is, from its opening to its end. */
export interface Placing {
  /** What the window is made with. */
  readonly options: BrowserWindowConstructorOptions;
  /** To be called once it is made, before it is shown. */
  begin(window: BrowserWindow): void;
  /** The page needs this height (px of the page) to show all that there is: it has it, unless a person chose the size. */
  fit(window: BrowserWindow, height: number): void;
  /** Remembers where it is now. */
  keep(window: BrowserWindow): void;
}

/** @returns the place of a window that is about to be made: where the last one was. */
export function createPlacing({ remembered, areas }: PlacingDeps): Placing {
  const before = remembered.read();
  const opening = openingOf(before, areas());
  let sized = before?.sized ?? false;
  /** The size that it was given last. */
  let given: Pick<Box, "width" | "height"> = opening;

  const isPlain = (window: BrowserWindow) =>
    !window.isMaximized() && !window.isMinimized() && !window.isFullScreen() && !window.isDestroyed();
  const look = (window: BrowserWindow) => {
    if (isPlain(window)) sized ||= isResized(window.getBounds(), given);
  };

  return {
    options: { ...opening, minWidth: SIZE.minWidth, minHeight: SIZE.minHeight },
    begin(window) {
      if (before?.maximized === true) window.maximize();
    },
    fit(window, height) {
      look(window);
      // Zoomed, the page counts in other pixels, and somebody is at work in it.
      if (sized || !isPlain(window) || window.webContents.getZoomFactor() !== 1) return;
      const now = window.getBounds();
      const frame = now.height - window.getContentBounds().height;
      const next = fitted(now, frame, height, areas());
      given = next;
      // A window that need not move is not moved: not all systems let it, or count its frame alike.
      if (next.x === now.x && next.y === now.y) window.setSize(next.width, next.height);
      else window.setBounds({ ...next });
    },
    keep(window) {
      if (window.isDestroyed()) return;
      look(window);
      remembered.write({ box: window.getNormalBounds(), sized, maximized: window.isMaximized() });
    },
  };
}
