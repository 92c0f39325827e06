import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import { keepMemoryOutOfCoreDumps } from "./core-dumps.ts";

const filter = "/proc/self/coredump_filter";

it.runIf(process.platform === "linux")("no kind of memory goes into a core dump any more", () => {
  const before = readFileSync(filter, "utf8");
  afterEach(() => writeFileSync(filter, `0x${before.trim()}`));
  expect(Number.parseInt(before, 16)).not.toBe(0);
  keepMemoryOutOfCoreDumps();
  expect(Number.parseInt(readFileSync(filter, "utf8"), 16)).toBe(0);
});
