import { pathToFileURL } from "node:url";
import type { BrowserWindow, BrowserWindowConstructorOptions, IpcMainInvokeEvent } from "electron";
import * as v from "valibot";
import { CONTRACT, channelOf } from "../../shared/view/contract.ts";
import type { View } from "../../shared/view/view.ts";
import { createPlacing, type Placing, type PlacingDeps } from "./placing.ts";

export interface StatusWindow {
  /** Opens it, or brings it to the front. */
  show(): void;
  isOpen(): boolean;
  /** Passes the view on, if the window is open. */
  send(view: View): void;
  isOurPage(event: IpcMainInvokeEvent): boolean;
  /** The page needs this height to show all that there is (px). */
  fit(height: number): void;
  /** From now on it may be closed even where it is the only way back in. */
  letGo(): void;
}

export interface StatusWindowDeps extends PlacingDeps {
  readonly create: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly title: string;
  /** Absolute paths. */
  readonly page: string;
  readonly preload: string;
  readonly icon: string;
  /** May Chromium's tools be opened? In a checkout only. */
  readonly devTools: boolean;
  /** Does the desktop ask for dark windows? */
  readonly isDark: () => boolean;
  /** Is there a tray item to open it again with? */
  readonly hasTray: () => Promise<boolean>;
  readonly now: () => number;
  readonly onCrash: (reason: string) => void;
}

/** The page's own ground (`--ground` in its style). */
export const BACKGROUND = { light: "#f4f4f2", dark: "#1b1c1e" } as const;
/** A page that crashes again and again is left closed; the keeper does not depend on it. */
const CRASHES = { most: 3, withinMs: 60_000 } as const;

/** Made when it is first shown and freed when it is closed: in the tray, nothing of it is left. */
export function createStatusWindow(deps: StatusWindowDeps): StatusWindow {
  const pageUrl = pathToFileURL(deps.page).href;
  let window: BrowserWindow | null = null;
  let placing: Placing | null = null;
  let mayClose = false;
  let crashes: readonly number[] = [];

  const open = (): BrowserWindow => {
    const here = createPlacing(deps);
    placing = here;
    const made = deps.create({
      ...here.options,
      title: deps.title,
      icon: deps.icon,
      show: false,
      // What is seen before the page is drawn, and at its edges while the size changes.
      backgroundColor: deps.isDark() ? BACKGROUND.dark : BACKGROUND.light,
      autoHideMenuBar: true,
      webPreferences: {
        preload: deps.preload,
        // In memory: the page keeps nothing, so nothing of it stands on disk.
        partition: "status-window",
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
        devTools: deps.devTools,
      },
    });
    // The page's own title would take its place.
    made.on("page-title-updated", (event) => event.preventDefault());
    made.once("ready-to-show", () => {
      here.begin(made);
      made.show();
    });
    made.on("close", (event) => {
      here.keep(made);
      if (mayClose) return;
      event.preventDefault();
      void deps.hasTray().then((has) => {
        if (made.isDestroyed()) return;
        // Hidden to nowhere, it could not be opened again.
        if (has || mayClose) made.destroy();
        else made.minimize();
      });
    });
    made.once("closed", () => {
      if (window === made) window = null;
    });
    made.webContents.once("render-process-gone", (_event, { reason }) => {
      // First: nothing is sent to a page that is gone.
      window = null;
      here.keep(made);
      deps.onCrash(reason);
      const recent = crashes.filter((at) => at > deps.now() - CRASHES.withinMs);
      crashes = [...recent, deps.now()];
      made.destroy();
      if (crashes.length <= CRASHES.most && !mayClose) window = open();
    });
    void made.loadFile(deps.page).catch(() => undefined);
    return made;
  };

  return {
    show() {
      if (window === null) {
        window = open();
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    isOpen: () => window !== null,
    send(view) {
      if (window === null || window.webContents.isDestroyed()) return;
      // Only what the schema names leaves this process.
      window.webContents.send(channelOf("view"), v.parse(CONTRACT.view.carries, view));
    },
    isOurPage({ sender, senderFrame }) {
      if (window === null || sender !== window.webContents || senderFrame === null) return false;
      const [path] = senderFrame.url.split("#");
      return senderFrame === sender.mainFrame && path === pageUrl;
    },
    fit(height) {
      if (window !== null) placing?.fit(window, height);
    },
    letGo() {
      mayClose = true;
      if (window !== null) placing?.keep(window);
    },
  };
}
