import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gone, lives, SOON } from "../testing/programs.ts";
import { bundleChild, startChild, temporaryFolder } from "../testing/support.ts";
import { runProgram, startDetached } from "./programs.ts";

const NODE = process.execPath;
const script = (text: string, options: Partial<Parameters<typeof runProgram>[2]> = {}) =>
  runProgram(NODE, ["-e", text], { timeoutMs: SOON.timeout, ...options });

describe("running another program", () => {
  it("gives its exit code and what it printed", async () => {
    expect(await script("process.stdout.write('häé'); process.exitCode = 3")).toEqual({ code: 3, stdout: "häé" });
  });

  it("passes every word on as it stands, since there is no shell", async () => {
    const words = ["$(id)", "a b", "`x`", "", "*", '"', "\\"];
    const result = await runProgram(NODE, ["-e", "console.log(JSON.stringify(process.argv.slice(1)))", ...words], {
      timeoutMs: SOON.timeout,
    });
    expect("stdout" in result && JSON.parse(result.stdout)).toEqual(words);
  });

  it("gives it no more of the environment than was said", async () => {
    const result = await script("console.log(Object.keys(process.env).sort().join())", {
      env: { ONLY: "this", NOT: undefined },
    });
    expect("stdout" in result && result.stdout.split(",").map((name) => name.trim())).toContain("ONLY");
    expect("stdout" in result && result.stdout).not.toMatch(/HOME|NOT/);
  });

  it("lets it read nothing, and drops what it says on stderr", async () => {
    const text = "process.stdin.on('end', () => { console.error('hidden'); console.log('end') }).resume()";
    expect(await script(text)).toEqual({ code: 0, stdout: "end\n" });
  });

  it("tells that there is no such program", async () => {
    expect(await runProgram("pilot-light-no-such-program", [], { timeoutMs: SOON.timeout })).toEqual({
      failed: "missing",
    });
  });

  it("tells that something there cannot be started", async () => {
    expect(await runProgram(tmpdir(), [], { timeoutMs: SOON.timeout })).toEqual({ failed: "not started" });
    expect(await runProgram("with\0nul", [], { timeoutMs: SOON.timeout })).toEqual({ failed: "not started" });
  });

  it("tells that a signal ended it", async () => {
    expect(await script("process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1e3)")).toEqual({
      failed: "signal",
    });
  });
});

describe("a process that may open nothing more", { timeout: SOON.timeout }, () => {
  it("goes on without other programs: none is started, and nothing is thrown", async () => {
    const entry = new URL("../testing/no-descriptors-child.ts", import.meta.url);
    const child = startChild(await bundleChild(entry, temporaryFolder()), []);
    expect(JSON.parse((await child.line()) ?? "null")).toEqual({
      result: { failed: "not started" },
      logged: [{ why: "systemd-inhibit: refused" }],
    });
    expect(await child.ended).toBe(0);
  });
});

describe("a program that does not behave", () => {
  const pidFrom = (path: string): Promise<number> =>
    expect
      .poll(() => readFile(path, "utf8").catch(() => ""), SOON)
      .toMatch(/^\d+\n$/)
      .then(async () => Number(await readFile(path, "utf8")));
  const notePid = (path: string): string =>
    `require("fs").writeFileSync(${JSON.stringify(path)}, process.pid + "\\n");`;

  it("is killed after its time, even if it ignores SIGTERM", async () => {
    const path = join(temporaryFolder(), "pid");
    const result = script(`process.on("SIGTERM", () => {}); setInterval(() => {}, 1e3); ${notePid(path)}`, {
      timeoutMs: 4_000,
    });
    const pid = await pidFrom(path);
    expect(lives(pid)).toBe(true);
    expect(await result).toEqual({ failed: "timeout" });
    await gone(pid);
  });

  it("is killed when it talks without end", async () => {
    const path = join(temporaryFolder(), "pid");
    const text = `${notePid(path)} const talk = () => process.stdout.write("x".repeat(9e4), talk); talk();`;
    expect(await script(text, { maxBytes: 100_000 })).toEqual({ failed: "too much output" });
    const pid = await pidFrom(path);
    await gone(pid);
  });
});

describe("a program that lives on", () => {
  it("is started in a session of its own, with these words and this environment", async () => {
    const path = join(temporaryFolder(), "seen");
    const text = `require("fs").writeFileSync(process.env.SEEN, process.argv[1] + " " + process.pid + "\\n")`;
    expect(await startDetached(NODE, ["-e", text, "a word"], { SEEN: path })).toBe(true);
    await expect.poll(() => readFile(path, "utf8").catch(() => ""), SOON).toMatch(/^a word \d+\n$/);
  });

  it("is told of when it cannot be started", async () => {
    expect(await startDetached("pilot-light-no-such-program", [])).toBe(false);
    expect(await startDetached("with\0nul", [])).toBe(false);
  });
});
