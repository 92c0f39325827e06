import { appendFileSync, existsSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFiles } from "../files/files.ts";
import { temporaryFolder } from "../testing/support.ts";
import { createFileSink, logPaths } from "./log-file.ts";
import { createLogReader } from "./log-reader.ts";

function place() {
  const stateDir = temporaryFolder();
  const reader = createLogReader(createFiles(), stateDir);
  onTestFinished(() => reader.close());
  const sink = createFileSink(stateDir, { maxBytes: 100 });
  return { stateDir, reader, write: (text: string) => sink.write(`${text}\n`) };
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `line ${String(from + n).padStart(4, "0")}`);

describe("the log, read while it is written", () => {
  it("is empty where there is none, and makes none", async () => {
    const { stateDir, reader, write } = place();
    expect(await reader.more()).toEqual([]);
    expect(existsSync(join(stateDir, "log"))).toBe(false);
    write("first");
    expect(await reader.more()).toEqual(["first"]);
  });

  it("is first told whole, the oldest file first", async () => {
    const { reader, write } = place();
    for (const line of numbered(0, 25)) write(line);
    expect(await reader.more()).toEqual(numbered(0, 25));
    expect(await reader.more()).toEqual([]);
  });

  it("is followed line by line, however often it is put aside between two looks", async () => {
    const { reader, write } = place();
    const told: string[] = [];
    let next = 0;
    for (const count of [1, 3, 12, 1, 25, 8, 0, 30]) {
      for (const line of numbered(next, next + count)) write(line);
      next += count;
      told.push(...(await reader.more()));
    }
    expect(told).toEqual(numbered(0, next));
  });

  it("is told in whole lines, letters of several bytes included", async () => {
    const { stateDir, reader } = place();
    const [path] = logPaths(stateDir);
    mkdirSync(join(stateDir, "log"));
    const bytes = Buffer.from("grüße\n");
    writeFileSync(path, bytes.subarray(0, 3));
    expect(await reader.more()).toEqual([]);
    appendFileSync(path, bytes.subarray(3));
    expect(await reader.more()).toEqual(["grüße"]);
  });

  it("is told anew where somebody emptied it", async () => {
    const { stateDir, reader, write } = place();
    write("before");
    await reader.more();
    truncateSync(logPaths(stateDir)[0]);
    expect(await reader.more()).toEqual([]);
    write("after");
    expect(await reader.more()).toEqual(["after"]);
  });
});
