// @ts-check
/** All icons as bytes, drawn from build/icon.svg. The same bytes each time and everywhere: the drawing is done in WebAssembly. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { root } from "../run.mjs";
import { DRAWN, flameOf, shapesOf, trayDrawing } from "./drawings.mjs";
import { toIco } from "./ico.mjs";

/** By the end of the name, for the scale. Linux tells a panel of the first only, so that is big enough for a fine screen. */
const LINUX = { "": 48, "@2x": 96 };
const MACOS = { "": 16, "@2x": 32, "@3x": 48 };
const WINDOWS = [16, 20, 24, 32, 48];
/** The app's icon, as Linux packages install it. */
const APP = [16, 24, 32, 48, 64, 128, 256, 512];

/** The shapes of the window's flame, drawn with the tray's so that both look alike. */
const WINDOW_SHAPES = "app/renderer/card/flames.ts";

/** Folders in which everything but README.md and icon.svg is drawn here. */
export const DRAWN_FOLDERS = ["build/icons", "resources/tray"];

/** @returns {Promise<Map<string, Uint8Array>>} by path from the root of the checkout */
export async function drawIcons() {
  const wasm = createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm");
  // A second call in one process would throw, and the first one's stays.
  await initWasm(await readFile(wasm)).catch(() => undefined);
  const icon = await readFile(join(root, "build", "icon.svg"), "utf8");
  /** @type {Map<string, Uint8Array>} */
  const files = new Map();
  for (const size of APP) files.set(`build/icons/${size}x${size}.png`, draw(icon, size).asPng());
  files.set("build/icon.png", draw(icon, 512).asPng());
  const big = { size: 256, png: draw(icon, 256).asPng() };
  files.set("build/icon.ico", toIco([...WINDOWS.map((size) => picture(icon, size)), big]));
  // What the running app shows: its window, and a notification.
  files.set("resources/icon.png", draw(icon, 256).asPng());
  const shapes = shapesOf(flameOf(icon));
  files.set(WINDOW_SHAPES, Buffer.from(sourceOf(flameOf(icon), shapes)));
  for (const degree of DRAWN) {
    const plain = trayDrawing(icon, degree, false);
    const template = trayDrawing(icon, degree, true);
    const name = `resources/tray/${degree}`;
    for (const [end, size] of Object.entries(LINUX)) files.set(`${name}${end}.png`, draw(plain, size).asPng());
    for (const [end, size] of Object.entries(MACOS))
      files.set(`${name}Template${end}.png`, draw(template, size).asPng());
    files.set(`${name}.ico`, toIco(WINDOWS.map((size) => picture(plain, size))));
  }
  return files;
}

/**
 * @param {string} flame
 * @param {ReturnType<typeof shapesOf>} shapes
 * @returns {string} a module for the page
 */
function sourceOf(flame, shapes) {
  return [
    "/** The flame and its shapes in a square of 64: made by `npm run icons` out of scripts/icons/drawings.mjs. */",
    "",
    "/** Path data. */",
    `export const FLAME =\n  ${JSON.stringify(flame)};`,
    "",
    "/** Of each degree what the flame lacks, and what is there beside it, by the even-odd rule. */",
    "export const SHAPES = {",
    ...DRAWN.map((degree) => {
      const { cut, mark, sign } = shapes[degree];
      return `  ${degree}: {\n    cut: ${JSON.stringify(cut)},\n    mark: ${JSON.stringify(mark + sign)},\n  },`;
    }),
    "} as const;",
    "",
  ].join("\n");
}

/**
 * @param {string} svg
 * @param {number} size
 */
function draw(svg, size) {
  return new Resvg(svg, { fitTo: { mode: "width", value: size } }).render();
}

/**
 * @param {string} svg
 * @param {number} size
 * @returns {import("./ico.mjs").Picture}
 */
function picture(svg, size) {
  const { pixels } = draw(svg, size);
  // The drawing multiplies colours by alpha; an icon holds them apart.
  const rgba = pixels.map((value, at) => {
    const alpha = pixels[at | 3] ?? 0;
    return (at & 3) === 3 || alpha === 0 ? value : Math.min(255, Math.round((value * 255) / alpha));
  });
  return { size, rgba };
}
