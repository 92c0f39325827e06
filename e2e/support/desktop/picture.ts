import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Desktop } from "./desktop.ts";

const run = promisify(execFile);

/** Makes a small file of a picture, in its place: 200 colours are more than a window has. */
export async function shrink(file: string): Promise<void> {
  await run("convert", [file, "-strip", "+dither", "-colors", "200", `PNG8:${file}`]);
}

/** The whole screen as a small file. */
export async function takePicture(desktop: Pick<Desktop, "screenshot">, file: string): Promise<void> {
  await desktop.screenshot(file);
  await shrink(file);
}
