/** A Chromium for the window's tests: the system's own, never one that is fetched. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright";
import { inCi } from "../needs.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"] as const;

/** @returns the path of the first Chromium in PATH, or null. */
function findChromium(): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

/**
 * For `describe.skipIf(chromiumMissing())`. In CI it is always false, so that the tests run and fail with the reason; elsewhere
 * a missing Chromium is said aloud.
 */
export function chromiumMissing(): boolean {
  if (inCi()) return false;
  if (findChromium() !== null) return false;
  console.warn(`SKIPPED: the tests of the window, since no Chromium is in PATH (${NAMES.join(", ")})`);
  return true;
}

/** @returns a browser without a screen. @throws when there is none. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(`no Chromium is in PATH: one of ${NAMES.join(", ")} is needed`);
  // Chromium refuses to run as root with its sandbox on.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
