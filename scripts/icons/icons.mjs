// @ts-check
/** `npm run icons`: draws all icons anew after build/icon.svg or scripts/icons/drawings.mjs changed. They are committed. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { root, runner } from "../run.mjs";
import { DRAWN_FOLDERS, drawIcons } from "./files.mjs";

const files = await drawIcons();
for (const folder of DRAWN_FOLDERS) await rm(join(root, folder), { recursive: true, force: true });
for (const [path, bytes] of files) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), bytes);
}
runner(1).say(`${files.size} icons drawn.`);
