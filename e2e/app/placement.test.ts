/** The size and the place of the real window, on a screen with a window manager. */
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Box } from "../../app/main/window/placement.ts";
import { type App, type AppScene, appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { oauthEntry } from "../support/entries.ts";
import { until } from "../support/wait.ts";

const SCREEN = { width: 1_000, height: 800 } as const;
const GIVEN: Box = { x: 240, y: 130, width: 500, height: 520 };
const missing = await appMissing();

/** Of the window that is open and to be seen; null = there is none. */
const boxOf = (app: App): Promise<Box | null> =>
  app.electron.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    return window?.isVisible() === true ? window.getBounds() : null;
  });
const giveBox = (app: App, box: Box) =>
  app.electron.evaluate(({ BrowserWindow }, next) => BrowserWindow.getAllWindows()[0]?.setBounds(next), box);
const isEqual = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
/** Room below what the page shows; negative where something is out of sight. */
const roomIn = async (app: App): Promise<number> =>
  (await app.window()).evaluate(
    "innerHeight - Math.ceil(document.getElementById('page').getBoundingClientRect().height)",
  );

async function putLogins({ home, server }: AppScene, count: number): Promise<void> {
  const pairs = await Promise.all(Array.from({ length: count }, () => server.issue()));
  await home.putEntries(Object.fromEntries(pairs.map((pair, at) => [`anthropic${at || ""}`, oauthEntry(pair)])));
}

describe.skipIf(missing)("the window on its screen", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true, ...SCREEN });
  });
  afterAll(() => desktop?.close());

  const shownBox = (app: App) => until("the window is to be seen", async () => boxOf(app));

  it("is as high as what it shows, and no higher than the screen", async (test) => {
    const scene = await appScene(test, desktop);
    await putLogins(scene, 1);
    const app = await scene.start();
    await until("nothing is cut off, and nothing empty", async () => (await roomIn(app)) === 0);
    const low = await shownBox(app);
    expect(await app.stop()).toBe(0);

    await putLogins(scene, 30);
    const other = await scene.start();
    await other.window();
    const high = await until("it has grown", async () => {
      const box = await boxOf(other);
      return box !== null && box.height > low.height && box;
    });
    expect(high.y + high.height).toBeLessThanOrEqual(SCREEN.height);
  });

  it("opens where it was, with the size that it was given, and after a restart", async (test) => {
    const scene = await appScene(test, desktop);
    await putLogins(scene, 1);
    const app = await scene.start();
    await until("it fits", async () => (await roomIn(app)) === 0);
    await giveBox(app, GIVEN);
    await until("it is there", async () => isEqual(await boxOf(app), GIVEN));
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await until("it is closed", () =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length === 0),
    );
    await app.electron.evaluate(({ app: electron }) => electron.emit("activate"));
    await until("it opens there", async () => isEqual(await boxOf(app), GIVEN));
    expect(await app.stop()).toBe(0);
    // It does not wander, either: a window manager's frame is not counted twice.
    for (const _ of [1, 2]) {
      const again = await scene.start();
      await again.window();
      await until("it opens there", async () => isEqual(await boxOf(again), GIVEN));
      expect(await again.stop()).toBe(0);
    }
  });

  it("stays in its place from start to start when nobody moves it", async (test) => {
    const scene = await appScene(test, desktop);
    await putLogins(scene, 2);
    const boxes: Box[] = [];
    for (const _ of [1, 2, 3]) {
      const app = await scene.start();
      await until("it fits", async () => (await roomIn(app)) === 0);
      boxes.push(await shownBox(app));
      expect(await app.stop()).toBe(0);
    }
    expect(boxes[2]).toEqual(boxes[1]);
  });

  it("opens on a screen that there is, whatever it remembers", async (test) => {
    const scene = await appScene(test, desktop);
    await putLogins(scene, 1);
    const first = await scene.start();
    await first.window();
    expect(await first.stop()).toBe(0);
    const file = join(dirname(scene.home.settingsFile), "window.json");
    const { placement } = JSON.parse(await readFile(file, "utf8"));
    for (const text of [
      JSON.stringify({ placement: { ...placement, box: { ...GIVEN, x: 5_000 } } }),
      JSON.stringify({ placement: { ...placement, box: { ...GIVEN, x: 1e300, y: null } } }),
      "{ torn",
    ]) {
      await writeFile(file, text);
      const app = await scene.start();
      await app.window();
      const { x, y, width } = await shownBox(app);
      expect([x >= 0, y >= 0, x + width <= SCREEN.width]).toEqual([true, true, true]);
      expect(await app.stop()).toBe(0);
    }
  });
});
