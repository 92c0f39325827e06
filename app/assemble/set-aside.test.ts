import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFiles } from "../platform/files/files.ts";
import { UserError } from "../shared/data/errors.ts";
import { setSettingsAside } from "./set-aside.ts";

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0, 7);
const ASIDE = "settings.json.broken-2026-11-23T12-00-00-007Z";

function scene(problem: unknown) {
  const folder = mkdtempSync(join(tmpdir(), "pilot-light-aside-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const settingsFile = join(folder, "settings.json");
  writeFileSync(settingsFile, "{");
  const check = () => (problem === null ? Promise.resolve() : Promise.reject(problem));
  const aside = () => setSettingsAside({ files: createFiles(), settingsFile, check, now: () => NOW });
  return { folder, settingsFile, aside };
}

describe("a settings file that is set aside", () => {
  it("stands beside its old place, with every byte", async () => {
    const { folder, aside } = scene(new UserError("It is not JSON.", 2));
    expect(await aside()).toBe(join(folder, ASIDE));
    expect(readdirSync(folder)).toEqual([ASIDE]);
    expect(readFileSync(join(folder, ASIDE), "utf8")).toBe("{");
  });

  it.each([
    ["it can be used again", null, "stays where it is"],
    ["others may write there", new UserError("Other users may write.", 4), "Other users may write."],
  ])("is not moved where %s", async (_why, problem, sentence) => {
    const { folder, aside } = scene(problem);
    await expect(aside()).rejects.toThrow(sentence);
    expect(readdirSync(folder)).toEqual(["settings.json"]);
  });

  it("takes no other file's place, and says so where it cannot be renamed", async () => {
    const { folder, settingsFile, aside } = scene(new UserError("It is not JSON.", 2));
    writeFileSync(join(folder, ASIDE), "an older one");
    await expect(aside()).rejects.toThrow("is there already");
    expect(readFileSync(join(folder, ASIDE), "utf8")).toBe("an older one");
    rmSync(join(folder, ASIDE));
    rmSync(settingsFile);
    await expect(aside()).rejects.toThrow("cannot be renamed: it does not exist");
  });
});
