import type { TrayIcon } from "./menu.ts";

/**
 * @returns the picture of a state, from the app's root. Scales beside it are found by name (`@2x`); macOS colours a
 * template by itself, Windows takes several sizes in one file.
 */
export function trayImagePath(icon: TrayIcon, platform: NodeJS.Platform): string {
  const name = platform === "darwin" ? `${icon}Template.png` : platform === "win32" ? `${icon}.ico` : `${icon}.png`;
  return `resources/tray/${name}`;
}
