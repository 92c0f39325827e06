import { access, readFile } from "node:fs/promises";

/** @returns the text of a file, null if there is none. */
export async function textOf(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch(() => null);
}

/** @returns whether something stands there. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** @returns the first of these that is there. @throws with the package that has it. */
export async function findFile(paths: readonly string[], debianPackage: string): Promise<string> {
  for (const path of paths) if (await exists(path)) return path;
  throw new Error(`none of ${paths.join(", ")} is there: apt-get install ${debianPackage}`);
}
