/** The notification daemon that Xfce's users have, on a desktop made for a test: what it shows can be seen on the screen. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findFile } from "../files.ts";
import type { Desktop } from "./desktop.ts";
import { startOwn, untilReady } from "./process.ts";
import { findWindow, type Place } from "./windows.ts";

/** Where Debian and others keep it. */
const NOTIFYD: readonly string[] = [
  `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/xfce4/notifyd/xfce4-notifyd`,
  "/usr/lib64/xfce4/notifyd/xfce4-notifyd",
  "/usr/lib/xfce4/notifyd/xfce4-notifyd",
];

export interface Notifyd {
  /** Where the newest notification is on the screen, as soon as it is there. */
  place(): Promise<Place>;
  close(): Promise<void>;
}

/** Starts it on a desktop with a panel, which brings the settings daemon; resolves when it can be reached. */
export async function startNotifyd(
  { env, home, tray }: Pick<Desktop, "env" | "home" | "tray">,
  look: "light" | "dark",
): Promise<Notifyd> {
  const settings = join(home, ".config", "xfce4", "xfconf", "xfce-perchannel-xml");
  await mkdir(settings, { recursive: true });
  await writeFile(join(settings, "xfce4-notifyd.xml"), SETTINGS);
  // Its own default theme follows the desktop's.
  const themed = { ...env, GTK_THEME: look === "dark" ? "Adwaita:dark" : "Adwaita" };
  const daemon = await startOwn(await findFile(NOTIFYD, "xfce4-notifyd"), [], themed);
  await untilReady(daemon, "xfce4-notifyd", () => tray.nameIsOwned("org.freedesktop.Notifications"));
  return {
    async place() {
      const window = await findWindow(env, { className: "xfce4-notifyd" }, { withinMs: 60_000 });
      await window.settled();
      return window.place();
    },
    close: () => daemon.end(),
  };
}

/** A notification stays until it is clicked, and does not fade: a picture is to show it whole. */
const SETTINGS = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-notifyd" version="1.0">
  <property name="theme" type="string" value="Default"/>
  <property name="initial-opacity" type="double" value="1"/>
  <property name="do-fadeout" type="bool" value="false"/>
  <property name="do-slideout" type="bool" value="false"/>
  <property name="expire-timeout-enabled" type="bool" value="false"/>
  <property name="notify-location" type="uint" value="2"/>
</channel>
`;
