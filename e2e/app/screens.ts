/** Makes the pictures in docs/screens/, of the real app on a real desktop: `npm run screens`. Look at each one after it. */

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { beforeAll, describe, it } from "vitest";
import { DEGREES } from "../../app/shared/login/need.ts";
import { type App, type AppScene, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { startNotifyd } from "../support/desktop/notifyd.ts";
import { takePicture } from "../support/desktop/picture.ts";
import { fourLogins, oneLogin, thirtyLogins, twelveLogins } from "../support/shown-logins.ts";
import { launchChromium } from "../support/window/browser.ts";

const folder = fileURLToPath(new URL("../../docs/screens", import.meta.url));

interface Picture {
  readonly name: string;
  readonly fill: (scene: AppScene) => Promise<void>;
  /** A text that is there when the window is as it should be. */
  readonly ready: string;
  /** Of pings; null = nobody chose, so the window asks. */
  readonly ping: "message" | null;
  /** What is done to the page before it is shown. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** As high as the screen, as a person would size it; else as high as what it shows. */
  readonly tall?: true;
  /** Of the screen, pixels. */
  readonly height: number;
}

interface MenuPicture extends Pick<Picture, "name" | "fill" | "ready" | "height"> {
  /** The submenu of which login is open; null = the only one needs none. */
  readonly down: number | null;
  /** Of the screen, pixels. */
  readonly width: number;
}

/** Without the notice of the first run, which the choice takes away. */
async function openSettings(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Message/ }).click();
  await page.keyboard.press("Control+,");
  await page.getByRole("radio", { name: /^Message/, checked: true }).waitFor();
  // Nothing is to blink, or to be ringed.
  await page.getByRole("heading", { name: "Settings" }).click();
}

/** The window as the desktop shows it, in light and dark. */
async function takeWindow(
  app: App,
  desktop: Desktop,
  { name, ready, prepare, tall }: Pick<Picture, "name" | "ready" | "prepare" | "tall">,
): Promise<void> {
  const page = await app.window();
  await page.getByText(ready).first().waitFor();
  await desktop.tray.until("the icon is there", async () => (await desktop.tray.items()).length > 0);
  await desktop.tray.until("the window has its height", () =>
    page.evaluate<boolean>(
      "innerHeight >= document.getElementById('page').getBoundingClientRect().height || innerHeight > screen.availHeight - 60",
    ),
  );
  if (tall === true)
    await app.electron.evaluate(({ BrowserWindow, screen }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ y: 40, height: screen.getPrimaryDisplay().workArea.height - 40 }),
    );
  await prepare?.(page);
  for (const scheme of ["light", "dark"] as const) {
    await app.electron.evaluate(({ nativeTheme }, theme) => {
      nativeTheme.themeSource = theme;
    }, scheme);
    await page.emulateMedia({ colorScheme: scheme });
    // Asks for a frame, and waits for it.
    await page.screenshot();
    await takePicture(desktop, join(folder, `window-${name}-${scheme}.png`));
  }
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const PANELS = [
  { ground: "#f0f0f0", ink: "#1f2124", turned: "" },
  { ground: "#2b2b2b", ink: "#ececee", turned: "filter: invert(1)" },
] as const;

/** One row: each degree as the file `name` of it, at one size; `style` = what the system does with it. */
async function sheetRow(title: string, size: number, nameOf: (degree: string) => string, style: string) {
  const cells = DEGREES.map(async (degree) => {
    const picture = (await readFile(join(root, "resources", "tray", nameOf(degree)))).toString("base64");
    return `<td><img src="data:image/png;base64,${picture}" width="${size}" height="${size}" style="${style}"></td>`;
  });
  return `<tr><th>${title}, ${size} px</th>${(await Promise.all(cells)).join("")}</tr>`;
}

/** The tray's pictures as panels show them, side by side. */
async function contactSheet(): Promise<string> {
  const tables = PANELS.map(async ({ ground, ink, turned }) => {
    const rows = [
      ...[16, 22, 32].map((size) => sheetRow("Linux", size, (degree) => `${degree}.png`, "")),
      sheetRow("macOS", 16, (degree) => `${degree}Template.png`, turned),
      sheetRow("macOS", 32, (degree) => `${degree}Template@2x.png`, turned),
    ];
    const heads = DEGREES.map((degree) => `<th>${degree.replace("needsYou", "needs you")}</th>`).join("");
    const lines = (await Promise.all(rows)).join("");
    return `<table style="background: ${ground}; color: ${ink}"><tr><td></td>${heads}</tr>${lines}</table>`;
  });
  return `<!doctype html><style>
    body { margin: 0; font: 12px sans-serif; width: max-content; }
    table { border-spacing: 0; padding: 8px; }
    th { font-weight: normal; text-align: left; }
    th, td { width: 72px; height: 38px; padding: 0; text-align: center; }
    th:first-child { width: 92px; text-align: left; padding-left: 8px; }
    img { vertical-align: middle; }
  </style>${(await Promise.all(tables)).join("")}`;
}

describe("pictures", () => {
  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
  });

  it.each<Picture>([
    { name: "0", fill: async () => undefined, ready: "opencode auth login", ping: null, height: 560 },
    { name: "first-run", fill: oneLogin, ready: "leaves in", ping: null, height: 920 },
    { name: "1", fill: oneLogin, ready: "healthy", ping: "message", height: 560 },
    { name: "4", fill: fourLogins, ready: "sign in", ping: "message", height: 560 },
    { name: "12", fill: twelveLogins, ready: "login 12", ping: "message", height: 780 },
    { name: "30", fill: thirtyLogins, ready: "login 30", ping: "message", height: 900 },
    {
      name: "settings",
      fill: fourLogins,
      ready: "sign in",
      ping: null,
      prepare: openSettings,
      tall: true,
      height: 1_720,
    },
  ])("of the window: $name", async ({ fill, height, ping, ...picture }) => {
    const finish: (() => Promise<void>)[] = [];
    const desktop = await startDesktop({ panel: true, windowManager: true, width: 640, height });
    try {
      const scene = await appScene({ onTestFinished: (done) => finish.push(done) }, desktop, { ping });
      await fill(scene);
      const app = await scene.start();
      await takeWindow(app, desktop, picture);
    } finally {
      for (const done of finish.reverse()) await done();
      await desktop.close();
    }
  });

  it.each(["light", "dark"] as const)("of a notification in the daemon of a real desktop, %s", async (look) => {
    const finish: (() => Promise<void>)[] = [];
    const desktop = await startDesktop({
      panel: true,
      windowManager: true,
      width: 800,
      height: 200,
      light: look === "light",
    });
    try {
      const daemon = await startNotifyd(desktop, look);
      finish.push(() => daemon.close());
      const scene = await appScene({ onTestFinished: (done) => finish.push(done) }, desktop, { ping: "message" });
      await fourLogins(scene);
      await scene.start("--hidden", "--notify-grace", "0");
      await daemon.place();
      await takePicture(desktop, join(folder, `notification-${look}.png`));
    } finally {
      for (const done of finish.reverse()) await done();
      await desktop.close();
    }
  });

  it("of the tray's icon in each degree", async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.setContent(await contactSheet());
      await page.locator("body").screenshot({ path: join(folder, "tray-degrees.png") });
    } finally {
      await browser.close();
    }
  });

  const menus: readonly MenuPicture[] = [
    { name: "1", fill: oneLogin, ready: "anthropic · work   until", down: null, width: 640, height: 320 },
    { name: "4", fill: fourLogins, ready: "sign in again", down: 1, width: 720, height: 400 },
    { name: "12", fill: twelveLogins, ready: "login 12", down: 1, width: 800, height: 560 },
  ];
  const looks = menus.flatMap((menu) => [
    { ...menu, look: "light" },
    { ...menu, look: "dark" },
  ]);
  it.each(looks)("of the menu in the real panel: $name, $look", async (picture) => {
    const { name, look, fill, ready, down, width, height } = picture;
    const finish: (() => Promise<void>)[] = [];
    const desktop = await startDesktop({ panel: true, windowManager: true, width, height, light: look === "light" });
    try {
      const scene = await appScene({ onTestFinished: (done) => finish.push(done) }, desktop, { ping: "message" });
      await fill(scene);
      await scene.start("--hidden");
      await desktop.tray.menuShows("the logins", (menu) => menu.some(({ label }) => label.includes(ready)));
      await desktop.clickIcon(3);
      // To a login, and into its submenu.
      if (down !== null) await desktop.press(...Array.from({ length: down }, () => "Down"), "Right");
      await takePicture(desktop, join(folder, `menu-${name}-${look}.png`));
    } finally {
      for (const done of finish.reverse()) await done();
      await desktop.close();
    }
  });
});
