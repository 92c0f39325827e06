import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { DEGREES } from "../../app/shared/login/need.ts";
import { root } from "../run.mjs";
import { DRAWN, flameOf, shapesOf, trayDrawing } from "./drawings.mjs";
import { DRAWN_FOLDERS, drawIcons } from "./files.mjs";
import { toIco } from "./ico.mjs";

describe("the icons", () => {
  let drawn: Map<string, Uint8Array>;
  beforeAll(async () => {
    drawn = await drawIcons();
  });

  it("are committed as the script draws them", async () => {
    const stale: string[] = [];
    for (const [path, bytes] of drawn) {
      const committed = await readFile(join(root, path)).catch(() => Buffer.alloc(0));
      if (!committed.equals(bytes)) stale.push(path);
    }
    expect(stale, "run `npm run icons`").toEqual([]);
  });

  it("leave no file behind that nothing draws any more", async () => {
    const files = await Promise.all(
      DRAWN_FOLDERS.map(async (folder) => (await readdir(join(root, folder))).map((name) => `${folder}/${name}`)),
    );
    expect(files.flat().filter((path) => !drawn.has(path))).toEqual([]);
  });

  it("are the same bytes when another process draws them", async () => {
    const digest = [
      `const { drawIcons } = await import(${JSON.stringify(new URL("files.mjs", import.meta.url).href)});`,
      `for (const [path, bytes] of await drawIcons()) console.log(path, Buffer.from(bytes).toString("base64").slice(0, 4000));`,
    ].join("\n");
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", digest], {
      maxBuffer: 16 << 20,
    });
    const here = [...drawn].map(([path, bytes]) => `${path} ${Buffer.from(bytes).toString("base64").slice(0, 4000)}`);
    expect(stdout.trim().split("\n")).toEqual(here);
  });

  it("are there for each degree", () => {
    expect(DRAWN).toEqual(DEGREES);
  });

  it("tell the degrees apart on every platform", () => {
    for (const end of [".png", ".ico", "Template.png", "Template@2x.png"]) {
      const pictures = DRAWN.map((degree) => Buffer.from(drawn.get(`resources/tray/${degree}${end}`) ?? []));
      expect(new Set(pictures.map((each) => each.toString("base64"))).size).toBe(DRAWN.length);
    }
  });

  it("tell them apart by shape alone, at the smallest size as well", async () => {
    const flame = flameOf(await readFile(join(root, "build/icon.svg"), "utf8"));
    expect(new Set(Object.values(shapesOf(flame)).map((shape) => JSON.stringify(shape))).size).toBe(DRAWN.length);
    const covered = DRAWN.map((degree) => alphaOf(drawn.get(`resources/tray/${degree}.ico`)));
    for (const [at, one] of covered.entries())
      for (const other of covered.slice(at + 1)) {
        const differing = one.filter((alpha, pixel) => Math.abs(alpha - (other[pixel] ?? 0)) > 127).length;
        expect(differing).toBeGreaterThanOrEqual(16);
      }
  });

  it("hold nothing but black and alpha where macOS colours them", async () => {
    const icon = await readFile(join(root, "build/icon.svg"), "utf8");
    for (const degree of DRAWN) {
      const colours = trayDrawing(icon, degree, true)
        .replace(/<mask.*?<\/mask>/, "")
        .match(/#[0-9a-f]{3,6}\b/g);
      expect(new Set(colours)).toEqual(new Set(["#000"]));
    }
  });

  it("say so when the drawing has lost its flame", () => {
    expect(() => trayDrawing("<svg/>", "well", false)).toThrow('no path with the id "flame"');
  });
});

/** Of the first picture in a Windows icon, 16 by 16: 6 bytes before the list, 40 before the pixels. */
function alphaOf(ico: Uint8Array | undefined): readonly number[] {
  const bytes = Buffer.from(ico ?? []);
  const from = bytes.readUInt32LE(6 + 12) + 40;
  return Array.from({ length: 16 * 16 }, (_, pixel) => bytes.readUInt8(from + pixel * 4 + 3));
}

describe("a Windows icon", () => {
  it("lists each picture and stores it upside down, blue first, with what is not to be seen masked", () => {
    const rgba = Uint8Array.from([1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 0, 0, 0, 0]);
    const ico = toIco([{ size: 2, rgba }]);
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2), ico.readUInt16LE(4)]).toEqual([0, 1, 1]);
    expect([ico.readUInt8(6), ico.readUInt8(7), ico.readUInt16LE(10), ico.readUInt16LE(12)]).toEqual([2, 2, 1, 32]);
    expect(ico.readUInt32LE(14)).toBe(ico.length - 22);
    expect(ico.readUInt32LE(18)).toBe(22);
    expect([ico.readInt32LE(26), ico.readInt32LE(30)]).toEqual([2, 4]);
    expect([...ico.subarray(62, 78)]).toEqual([9, 8, 7, 255, 0, 0, 0, 0, 3, 2, 1, 255, 6, 5, 4, 255]);
    expect([...ico.subarray(78)]).toEqual([0b0100_0000, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("writes a side of 256 as 0", () => {
    expect(toIco([{ size: 256, rgba: new Uint8Array(256 * 256 * 4) }]).readUInt8(6)).toBe(0);
  });
});
