import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/support.ts";
import { isSmallFile } from "./small-file.ts";

describe.skipIf(process.platform === "win32")("a small file", () => {
  it.each<[string, (path: string) => void, boolean]>([
    ["nothing", () => undefined, true],
    ["a file as long as it may be", (path) => writeFileSync(path, "12345"), true],
    ["a longer one", (path) => writeFileSync(path, "123456"), false],
    ["a folder", (path) => mkdirSync(path), false],
    ["a link", (path) => symlinkSync("/etc/hostname", path), false],
    ["a FIFO", (path) => void execFileSync("mkfifo", [path]), false],
  ])("is told from what must not be read: %s", (_what, make, isSmall) => {
    const path = join(temporaryFolder(), "it");
    make(path);
    expect(isSmallFile(path, 5)).toBe(isSmall);
  });
});
