import { delimiter, join } from "node:path";
import { exists } from "./files.ts";

/** @returns whether this run may skip nothing: in CI a test without its program runs, and fails with the reason. */
export function inCi(): boolean {
  return process.env["CI"] === "true" || process.env["CI"] === "1";
}

/** @returns whether a program is on the path. */
export async function onPath(program: string): Promise<boolean> {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const folder of folders) if (await exists(join(folder, program))) return true;
  return false;
}
