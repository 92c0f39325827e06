import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { ensureOwnFolder } from "./own-folders.ts";

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), "pilot-light-own-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

it("a folder of ours is made for us alone, and nothing else is left in it", () => {
  const folder = join(place(), "a", "b");
  ensureOwnFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder)).toEqual([]);
});

it("a folder that cannot be made is named, with the reason", () => {
  const file = join(place(), "file");
  writeFileSync(file, "");
  expect(() => ensureOwnFolder(join(file, "below"))).toThrow(`${file}/below cannot be used: a file stands where`);
});

it("a temporary folder that cannot be used is named, too", () => {
  const folder = place();
  const file = join(folder, "no-folder");
  writeFileSync(file, "");
  vi.stubEnv("TMPDIR", file);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => ensureOwnFolder(join(folder, "own"))).toThrow(`${file} cannot be used`);
});
