import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Conf from "conf";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createFiles } from "../platform/files/files.ts";
import { UserError } from "../shared/data/errors.ts";
import { openSettings } from "./settings-store.ts";

function place(content?: string) {
  const root = mkdtempSync(join(tmpdir(), "pilot-light-settings-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, "config", "pilot-light");
  const path = join(folder, "settings.json");
  if (content !== undefined) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, content);
  }
  const problems: (string | null)[] = [];
  const open = () =>
    openSettings({
      folder,
      openConf: (configName, options) => new Conf({ ...options, configName }),
      files: createFiles(),
      onProblem: (problem) => problems.push(problem?.message ?? null),
    });
  return { root, folder, path, problems, open };
}

const stored = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

describe("the settings file", () => {
  it("is not made by reading, nor is its folder", async () => {
    const { root, open } = place();
    const settings = await open();
    expect(settings.read()).toMatchObject({ schedule: "lead", pauses: {}, ping: { dailyTokens: 5_000 } });
    expect(readdirSync(root)).toEqual([]);
  });

  it("is not made by reading where its folder is there", async () => {
    const { folder, open } = place();
    mkdirSync(folder, { recursive: true });
    expect((await open()).read().pauses).toEqual({});
    expect(readdirSync(folder)).toEqual([]);
  });

  it.skipIf(process.platform === "win32").each([
    ["folder", 0o770, 0o600],
    ["folder", 0o777, 0o600],
    ["file", 0o700, 0o622],
  ])("is not obeyed where others may write the %s", async (what, folderMode, fileMode) => {
    const { folder, path, open, problems } = place('{ "authFile": "/elsewhere" }');
    const mend = () => [chmodSync(folder, 0o700), chmodSync(path, 0o600)];
    mend();
    const settings = await open();
    chmodSync(folder, folderMode);
    chmodSync(path, fileMode);
    const found = await open().catch((error: unknown) => error);
    expect(found).toMatchObject({ exitCode: 4 });
    expect(String(found)).toContain(`Other users may write in ${what === "file" ? path : folder} (mode`);
    // One that runs keeps what it had.
    writeFileSync(path, '{ "authFile": "/theirs" }');
    expect(settings.read().authFile).toBe("/elsewhere");
    expect(problems).toHaveLength(1);
    expect(() => settings.update((before) => ({ ...before, authFile: "/x" }))).toThrow("Other users may write");
    mend();
    expect((await open()).read().authFile).toBe("/theirs");
  });

  it("is made at the first change, for its owner's eyes only, and holds nothing but what was changed", async () => {
    const { folder, path, open } = place();
    const settings = await open();
    settings.update((before) => ({ ...before, pauses: { anthropic: null } }));
    expect(stored(path)).toEqual({ pauses: { anthropic: null } });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["settings.json"]);
    expect(settings.read().pauses).toEqual({ anthropic: null });
    expect((await open()).read().pauses).toEqual({ anthropic: null });
  });

  it("keeps what it does not know, in the order in which it stands", async () => {
    const text = '{"later":{"a":[1,{"b":null}]},"ping":{"mode":"off","later":7},"pauses":{"a":1},"authFile":"/x"}';
    const { path, open } = place(text);
    (await open()).update((before) => ({ ...before, pauses: { ...before.pauses, b: null }, pingNoticeAt: 5 }));
    expect(JSON.stringify(stored(path))).toBe(
      '{"later":{"a":[1,{"b":null}]},"ping":{"mode":"off","later":7},"pauses":{"a":1,"b":null},"authFile":"/x","pingNoticeAt":5}',
    );
  });

  it("loses a key that a change took away", async () => {
    const { path, open } = place('{"authFile":"/x","pauses":{}}');
    (await open()).update(({ authFile: _gone, ...rest }) => rest);
    expect(stored(path)).toEqual({ pauses: {} });
  });

  it("is not written where nothing changed", async () => {
    const { path, open } = place('{ "authFile":"/x" }');
    (await open()).update((before) => ({ ...before }));
    expect(readFileSync(path, "utf8")).toBe('{ "authFile":"/x" }');
  });

  it("is changed as it stands at that moment, not as it was read", async () => {
    const { path, open } = place("{}");
    const settings = await open();
    writeFileSync(path, '{"names":{"anthropic":"work"}}');
    settings.update((before) => ({ ...before, pingNoticeAt: 1 }));
    expect(stored(path)).toEqual({ names: { anthropic: "work" }, pingNoticeAt: 1 });
  });
});

describe("a settings file that cannot be understood", () => {
  const broken: [string, string, RegExp][] = [
    ["cut off", '{"ping":', /cannot be read: it is not JSON \(line 1, column 9\)\./],
    ["with a comment", '{\n  // planted\n  "ping": {}\n}', /it is not JSON \(line 2, column 3\)\./],
    ["a list", "[1]", /not a JSON object/],
    ["a text", '"sk-ant-planted"', /not a JSON object/],
    ["empty", "\n", /cannot be read: it is empty\./],
    [
      "a wrong word",
      '{"ping":{"mode":"often"}}',
      /: "ping\.mode" is "often"; it can be "off", "profile" or "message"\. Fix/,
    ],
    ["a wrong word of a provider", '{"providers":{"a b":{"encoding":"xml"}}}', /"providers\.a b\.encoding" is "xml"/],
    ["a wrong schedule", '{"schedule":"never"}', /"schedule" is "never"; it can be "lead" or "classic"\./],
    [
      "a number that is too small",
      '{"ping":{"dailyTokens":-1}}',
      /"ping\.dailyTokens" is -1; it can be a whole number,/,
    ],
    [
      "a wrong type",
      '{"ping":{"dailyTokens":true}}',
      /"ping\.dailyTokens" is true; it can be a whole number, 0 or more\./,
    ],
    ["an empty model", '{"ping":{"model":""}}', /"ping\.model" is ""; it can be the name of a model\./],
    ["a number for a path", '{"authFile":7}', /"authFile" is 7; it can be a path\./],
    [
      "a list for an object",
      '{"pauses":[1]}',
      /"pauses" is a list; it can be an object with the ID of a login for each/,
    ],
    ["nothing where something must be", '{"names":{"a":null}}', /"names\.a" is null; it can be a text\./],
    [
      "a word for a time",
      '{"pauses":{"anthropic":"x"}}',
      /"pauses\.anthropic" is "x"; it can be a time in ms or null\./,
    ],
    // What could be a token is never quoted, wherever it stands.
    [
      "a token for a word",
      '{"ping":{"mode":"sk-ant-planted"}}',
      /"ping\.mode" is a text that is not shown here; it can be "off"/,
    ],
    ["long letters", `{"schedule":"${"planted".repeat(9)}"}`, /"schedule" is a text that is not shown here;/],
    ["an object with a token", '{"ping":{"mode":{"planted":1}}}', /"ping\.mode" is an object; it can be/],
    ["a long number", '{"authFile":12345678901234567890}', /"authFile" is a number; it can be a path/],
  ];

  it.each(broken)("is named with what to do, and left as it is: %s", async (_what, content, why) => {
    const { path, open } = place(content);
    const error = await open().then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringMatching(why) });
    expect(error).toMatchObject({ message: expect.stringContaining(path) });
    expect(error).toMatchObject({ message: expect.stringContaining("Fix it, or move it away.") });
    expect(error).not.toMatchObject({ message: expect.stringContaining("planted") });
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  it("stops no keeper that has read it before: it says once what is wrong, and that it is over", async () => {
    const { path, problems, open } = place('{"authFile":"/x"}');
    const settings = await open();
    writeFileSync(path, '{"authFile":');
    expect(settings.read().authFile).toBe("/x");
    expect(settings.read().authFile).toBe("/x");
    expect(problems).toEqual([expect.stringContaining("Fix it")]);
    expect(() => settings.update((before) => ({ ...before, pingNoticeAt: 1 }))).toThrow(UserError);
    expect(readFileSync(path, "utf8")).toBe('{"authFile":');
    writeFileSync(path, '{"authFile":');
    writeFileSync(path, '{"authFile":7}');
    expect(settings.read().authFile).toBe("/x");
    expect(problems).toHaveLength(2);
    writeFileSync(path, '{"authFile":"/y"}');
    expect(settings.read().authFile).toBe("/y");
    settings.read();
    expect(problems.slice(2)).toEqual([null]);
  });

  it.skipIf(process.platform === "win32")("is not waited for where it is a FIFO, at the start or later", async () => {
    const { path, problems, open } = place('{"authFile":"/x"}');
    const settings = await open();
    rmSync(path);
    execFileSync("mkfifo", [path]);
    expect(settings.read().authFile).toBe("/x");
    expect(problems).toEqual([expect.stringContaining("not a regular file")]);
    await expect(open()).rejects.toThrow("not a regular file");
  });

  it("is not read where it is too large for a settings file", async () => {
    const { open } = place(`{"authFile":"${"x".repeat(2 ** 21)}"}`);
    await expect(open()).rejects.toThrow("too large for a settings file");
  });

  it("says so where it cannot be written", async () => {
    const { folder, open } = place("{}");
    const settings = await open();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "in the way");
    expect(() => settings.update((before) => ({ ...before, pingNoticeAt: 1 }))).toThrow(UserError);
    rmSync(folder);
  });

  it("says so where a folder stands in its place", async () => {
    const { path, open } = place();
    mkdirSync(path, { recursive: true });
    await expect(open()).rejects.toThrow(/cannot be read: it is a folder\./);
  });
});

describe("a repair of the settings", () => {
  it("is told as soon as it is made, though they are the same as before", async () => {
    const { path, problems, open } = place('{"authFile":"/x"}');
    const settings = await open();
    onTestFinished(settings.onChange(() => undefined));
    writeFileSync(path, "{");
    await vi.waitFor(() => expect(problems).toEqual([expect.stringContaining("Fix it")]), 5_000);
    writeFileSync(path, '{"authFile":"/x"}');
    await vi.waitFor(() => expect(problems.slice(1)).toEqual([null]), 5_000);
  });
});

describe("a change of the settings by another program", () => {
  const next = (onChange: (listener: () => void) => () => void) =>
    new Promise<void>((resolve) => {
      onTestFinished(onChange(resolve));
    });

  it("is noticed", async () => {
    const { path, open } = place("{}");
    const settings = await open();
    const changed = next((listener) => settings.onChange(listener));
    writeFileSync(path, '{"pauses":{"*":null}}');
    await changed;
    expect(settings.read().pauses).toEqual({ "*": null });
  });

  it("is noticed where there were none before, nor a folder", async () => {
    const { folder, open } = place();
    const settings = await open();
    const changed = next((listener) => settings.onChange(listener));
    expect(existsSync(folder)).toBe(false);
    const other = await open();
    other.update((before) => ({ ...before, pauses: { "*": null } }));
    await changed;
    expect(settings.read().pauses).toEqual({ "*": null });
  });

  it("is not mistaken for a change of something else in the folder", async () => {
    const { folder, path } = place("{}");
    let happens = () => {};
    const files = {
      watchFolder: (_path: string, onChange: () => void) => {
        happens = onChange;
        return () => undefined;
      },
    };
    const settings = await openSettings({
      folder,
      openConf: (configName, options) => new Conf({ ...options, configName }),
      files,
      onProblem: () => undefined,
    });
    let calls = 0;
    settings.onChange(() => {
      calls += 1;
    });
    happens();
    expect(calls).toBe(0);
    writeFileSync(path, '{"pingNoticeAt":1}');
    happens();
    happens();
    expect(calls).toBe(1);
  });
});
