import type { App } from "electron";
import { UserError } from "../../shared/data/errors.ts";
import type { StartLock } from "../../shared/view/start-lock.ts";
import { HIDDEN_FLAG } from "./hidden-flag.ts";

/** What of Electron's `app` is used: the login items of macOS and Windows. */
export type LoginItemsApp = Pick<App, "getLoginItemSettings" | "setLoginItemSettings">;

/** The login item of this app, as macOS or Windows keeps it. */
export interface LoginItem {
  /** `pending` = what the user still has to do; null = nothing. */
  read(): { readonly on: boolean; readonly pending: StartLock | null };
  /** @throws UserError when the system did not take it. */
  set(on: boolean): void;
}

/** @returns the login item of macOS. It takes no arguments: a start at login is recognised by `isLoginLaunch`. */
export function macLoginItem(app: LoginItemsApp): LoginItem {
  const read = (): ReturnType<LoginItem["read"]> => {
    const { openAtLogin, status } = app.getLoginItemSettings();
    if (status === "requires-approval") {
      return { on: false, pending: { kind: "approval" } };
    }
    return { on: openAtLogin, pending: null };
  };
  return {
    read,
    set(on) {
      app.setLoginItemSettings({ openAtLogin: on });
      const now = read();
      if (now.on === on || now.pending !== null) return;
      // Without an error it refuses apps that are not signed (electron/electron#45672).
      if (on) throw new UserError("macOS did not take the login item; it refuses apps that are not signed.", 3);
      throw new UserError("macOS kept the login item: remove it in System Settings > General > Login Items.", 3);
    },
  };
}

/** Under this name the entry stands in the registry, so that it depends on no other setting of the app. */
const ENTRY_NAME = "Pilot Light";

/** @returns the login item of Windows: a value of the registry's Run key. */
export function windowsLoginItem(app: LoginItemsApp, execPath: string): LoginItem {
  // Electron cuts an unquoted path at its first blank, when writing and when reading (electron/electron#32657, #53911).
  const command = { path: `"${execPath}"`, args: [HIDDEN_FLAG] };
  // Not `openAtLogin`: it looks under another name, and does not see what the Task Manager switched off.
  const read = (): boolean => app.getLoginItemSettings(command).executableWillLaunchAtLogin;
  return {
    read: () => ({ on: read(), pending: null }),
    set(on) {
      app.setLoginItemSettings({ ...command, name: ENTRY_NAME, openAtLogin: on, enabled: on });
      if (read() === on) return;
      if (on) throw new UserError("Windows did not take the start entry: look in Settings > Apps > Startup.", 3);
      throw new UserError("Windows still starts it: another entry is in Settings > Apps > Startup.", 3);
    },
  };
}

export interface LoginLaunch {
  /** `--hidden` was given. */
  readonly hidden: boolean;
  readonly platform: NodeJS.Platform;
  readonly app: Pick<App, "getLoginItemSettings">;
}

/** @returns whether to start in the tray: by flag, or because macOS opened the app at login. */
export function isLoginLaunch({ hidden, platform, app }: LoginLaunch): boolean {
  return hidden || (platform === "darwin" && app.getLoginItemSettings().wasOpenedAtLogin);
}
