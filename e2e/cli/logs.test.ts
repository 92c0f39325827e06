/** `logs`, with the real program on a log that the real program writes. */
import { appendFile, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { exists } from "../support/files.ts";
import { scene, sceneWithLogin } from "../support/scene.ts";

describe.concurrent("logs", () => {
  it.concurrent("shows what a pass did in plain lines, and only the newest where that was asked for", async (context) => {
    const { home } = await sceneWithLogin(context);
    await home.run("run", "--once");
    const { code, stdout, stderr } = await home.run("logs");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}info {3}auth\.keepalive {2}token refresh successful /m);
    expect(stdout).not.toContain("{");
    const last = await home.run("logs", "-n", "1");
    expect(last.stdout).toBe(`${stdout.trimEnd().split("\n").at(-1)}\n`);
    const json = await home.run("logs", "-n1", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ service: "auth.keepalive" });
  });

  it.concurrent("says where a log would be, and makes none", async (context) => {
    const { home } = await scene(context);
    const path = join(home.stateDir, "log", "pilot-light.log");
    expect(await home.run("logs")).toMatchObject({ code: 0, stdout: "", stderr: `There is no log yet at ${path}.\n` });
    expect(await exists(home.stateDir)).toBe(false);
  });

  it.concurrent("follows it while it is put aside, and ends with Ctrl+C and 0", async (context) => {
    const { home } = await scene(context);
    const path = join(home.stateDir, "log", "pilot-light.log");
    const line = (msg: string) => `${JSON.stringify({ time: new Date().toISOString(), level: "info", msg })}\n`;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, Array.from({ length: 30 }, (_, n) => line(`old ${n};`)).join(""), { mode: 0o600 });
    const logs = home.start("logs", "-f");
    await logs.prints("old 29;");
    await appendFile(path, line("before it is put aside"));
    await rename(path, `${path}.1`);
    await writeFile(path, line("after it was put aside"), { mode: 0o600 });
    await logs.prints("after it was put aside");
    await appendFile(path, line("and on"));
    await logs.prints("and on");
    logs.kill("SIGINT");
    const { code, stdout, stderr } = await logs.ended;
    expect([code, stderr]).toEqual([0, ""]);
    const told = [...stdout.matchAll(/old \d+;|before it is|after it was|and on/g)].map(([part]) => part);
    expect(told).toEqual([
      ...Array.from({ length: 10 }, (_, n) => `old ${n + 20};`),
      "before it is",
      "after it was",
      "and on",
    ]);
  });
});
