import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cachedElectron } from "../../../scripts/electron/electron.mjs";
import { appMissing } from "../app.ts";
import { type Desktop, startDesktop } from "./desktop.ts";

const run = promisify(execFile);

/** A tray app that writes down what happens to it, one word a line. */
const APP = `
const { app, Menu, nativeImage, powerMonitor, Tray } = require("electron");
const { appendFileSync } = require("node:fs");
const note = (word) => appendFileSync(process.env.NOTES, word + "\\n");
app.disableHardwareAcceleration();
app.on("window-all-closed", () => undefined);
app.whenReady().then(() => {
  const pixels = Buffer.alloc(22 * 22 * 4, 0xcc);
  const tray = new Tray(nativeImage.createFromBitmap(pixels, { width: 22, height: 22 }));
  globalThis.tray = tray;
  let on = false;
  const show = () => tray.setContextMenu(Menu.buildFromTemplate([
    { label: "anthropic_work", submenu: [{ label: "Refresh now", click: () => note("refreshed") }] },
    { type: "separator" },
    { label: "Out of order", enabled: false },
    { label: "Start at login", type: "checkbox", checked: on, click: () => { on = !on; note("login " + on); show(); } },
    { label: "Quit", click: () => app.quit() },
  ]));
  show();
  tray.setToolTip("all well");
  powerMonitor.on("suspend", () => note("suspend"));
  powerMonitor.on("resume", () => { note("resume"); tray.setToolTip("awake again"); });
  tray.on("click", () => note("activated"));
  note("ready");
});
`;

describe.skipIf(await appMissing())("a desktop for tests", () => {
  let desktop: Desktop;
  let electron: string;
  const apps: ChildProcess[] = [];

  beforeAll(async () => {
    const found = await cachedElectron();
    if (found.path === null) throw new Error(`no Electron: ${found.why}`);
    electron = found.path;
    desktop = await startDesktop({ panel: false, logind: true });
  });
  afterAll(async () => {
    for (const app of apps) await end(app);
    await desktop?.close();
  });

  const notesFile = (): string => join(desktop.home, "notes");
  const notes = async (): Promise<readonly string[]> =>
    (await readFile(notesFile(), "utf8").catch(() => "")).trim().split("\n");
  const noted = (word: string) => desktop.tray.until(`"${word}" is noted`, async () => (await notes()).includes(word));

  it("has a tray host only once the panel runs", async () => {
    expect(await desktop.tray.hostRegistered()).toBe(false);
    await desktop.startPanel();
    expect(await desktop.tray.hostRegistered()).toBe(true);
    expect(await desktop.tray.items()).toEqual([]);
  });

  it("shows another program the item of an Electron app, and its menu", async () => {
    const folder = join(desktop.home, "app");
    await mkdir(folder);
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "tiny", version: "1.0.0", main: "main.js" }));
    await writeFile(join(folder, "main.js"), APP);
    const args = ["--no-sandbox", `--user-data-dir=${join(desktop.home, "data")}`, folder];
    const app = spawn(electron, args, { env: { ...desktop.env, NOTES: notesFile() }, stdio: "ignore" });
    apps.push(app);
    const item = await desktop.tray.item();
    expect(item).toMatchObject({
      id: expect.stringMatching(/^chrome_status_icon/),
      menuPath: expect.stringMatching(/^\//),
    });
    await desktop.tray.until(
      "the tooltip is there",
      async () => (await desktop.tray.item()).tooltip.title === "all well",
    );
    await desktop.tray.menuShows("the whole menu", (menu) => menu.length === 5);
    const [first, , off, toggle, quit] = await desktop.tray.menu();
    expect(first).toMatchObject({ label: "anthropic_work", children: [{ label: "Refresh now", enabled: true }] });
    expect(off).toMatchObject({ label: "Out of order", enabled: false });
    expect(toggle).toMatchObject({ toggleType: "checkmark", toggleState: 0 });
    expect(quit).toMatchObject({ label: "Quit", toggleType: null, toggleState: null });
  });

  it("clicks in its menu and on its icon", async () => {
    await desktop.tray.click("anthropic_work", /^Refresh/);
    await noted("refreshed");
    await desktop.tray.click("Start at login");
    await noted("login true");
    await desktop.tray.menuShows("the switch is on", (menu) => menu.some(({ toggleState }) => toggleState === 1));
    await desktop.tray.activate();
    await noted("activated");
  });

  it("lets it fall asleep and wake up", async () => {
    await desktop.logind.listenedTo();
    await desktop.logind.suspend();
    await noted("suspend");
    await desktop.logind.resume();
    await noted("resume");
    await desktop.tray.until(
      "the tooltip is new",
      async () => (await desktop.tray.item()).tooltip.title === "awake again",
    );
  });

  it("shows the item again after the panel was killed and started", async () => {
    const before = await desktop.tray.item();
    await desktop.killPanel();
    expect(await desktop.tray.hostRegistered()).toBe(false);
    await desktop.startPanel();
    expect(await desktop.tray.item()).toMatchObject({ tooltip: { title: "awake again" }, iconHash: before.iconHash });
  });

  it("opens the menu in the real panel, and takes pictures of the screen", async () => {
    const colours = async (): Promise<string> => {
      const path = join(desktop.home, "screen.png");
      await desktop.screenshot(path);
      // Below the panel there is nothing but the menu.
      return (await run("convert", [path, "-crop", "1280x700+0+40", "-format", "%k", "info:"])).stdout;
    };
    expect(await colours()).toBe("1");
    await desktop.clickIcon(3);
    await desktop.tray.until("the menu is on the screen", async () => (await colours()) !== "1");
    await run("xdotool", ["key", "Escape"], { env: { ...desktop.env } });
    await desktop.tray.until("the menu is closed", async () => (await colours()) === "1");
  });

  it.runIf(process.getuid?.() === 0)("is there for another user, too", async () => {
    const user = { uid: 65_534, gid: 65_534 };
    const env = await desktop.envFor(user);
    const words = ["call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/", "--method"];
    const asked = await run("gdbus", [...words, "org.freedesktop.DBus.GetId"], { env, ...user });
    expect(asked.stdout).toMatch(/^\('[0-9a-f]+',\)/);
    expect((await run("xprop", ["-root", "_NET_SUPPORTED"], { env, ...user })).stdout).toContain("_NET_SUPPORTED");
    await run("sh", ["-c", "echo mine > $HOME/file"], { env, ...user });
    expect((await stat(join(env["HOME"] ?? "", "file"))).uid).toBe(user.uid);
  });

  it("stands beside another one, and leaves nothing behind", async () => {
    const other = await startDesktop({ panel: true, windowManager: true, width: 800, height: 600 });
    expect(other.env["DISPLAY"]).not.toBe(desktop.env["DISPLAY"]);
    expect(await other.tray.items()).toEqual([]);
    await other.close();
    await expect(stat(other.home)).rejects.toThrow("ENOENT");
    const mark = `PILOT_LIGHT_TEST_DESKTOP=${other.env["PILOT_LIGHT_TEST_DESKTOP"]}`;
    for (const entry of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      expect(await readFile(`/proc/${entry}/environ`, "utf8").catch(() => "")).not.toContain(mark);
    }
  });

  it("ends the app by its menu", async () => {
    const [app] = apps;
    const ended = app === undefined ? null : once(app, "exit");
    await desktop.tray.click("Quit");
    expect(await ended).toEqual([0, null]);
    await desktop.tray.until("the item is gone", async () => (await desktop.tray.items()).length === 0);
  });
});

async function end(app: ChildProcess): Promise<void> {
  if (app.exitCode !== null || app.signalCode !== null) return;
  const ended = once(app, "exit");
  app.kill("SIGKILL");
  await ended;
}
