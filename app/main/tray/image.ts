import type { Degree } from "../../shared/login/need.ts";

/**
 * @returns the picture of a degree, from the app's root. Scales beside it are found by name (`@2x`); macOS colours a
 * template by itself, Windows takes several sizes in one file.
 */
export function trayImagePath(degree: Degree, platform: NodeJS.Platform): string {
  const name =
    platform === "darwin" ? `${degree}Template.png` : platform === "win32" ? `${degree}.ico` : `${degree}.png`;
  return `resources/tray/${name}`;
}
