import { findFile } from "../files.ts";
import { inCi, onPath } from "../needs.ts";
import { XFCONFD } from "./panel.ts";
import { findPython } from "./tray-client.ts";

/** What a desktop needs, by the Debian package that has it. */
const PROGRAMS: Readonly<Record<string, string>> = {
  Xvfb: "xvfb",
  "dbus-daemon": "dbus",
  "xfce4-panel": "xfce4-panel",
  gdbus: "libglib2.0-bin",
  import: "imagemagick",
  xdotool: "xdotool",
};

/**
 * For `describe.skipIf(await desktopMissing())`. In CI it is always false, so that the tests run and fail with the reason;
 * elsewhere the reason is printed.
 * @param more programs that this test needs besides, by name; the value is the Debian package.
 */
export async function desktopMissing(more: Readonly<Record<string, string>> = {}): Promise<boolean> {
  if (inCi()) return false;
  const missing: string[] = [];
  for (const [program, debianPackage] of Object.entries({ ...PROGRAMS, ...more })) {
    if (!(await onPath(program))) missing.push(debianPackage);
  }
  if ((await findPython().catch(() => null)) === null) missing.push("python3-dbusmock");
  if ((await findFile(XFCONFD, "xfconf").catch(() => null)) === null) missing.push("xfconf");
  if (missing.length === 0) return false;
  console.warn(`SKIPPED: no desktop for tests here; apt-get install ${missing.join(" ")}`);
  return true;
}
