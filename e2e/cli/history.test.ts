/** `history` with pings, with the real program. */
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesBelow, sceneWithLogin } from "../support/scene.ts";

describe.concurrent("the history", () => {
  it.concurrent("tells of pings between all else, and of the newest only where that was asked for", async (context) => {
    const { home } = await sceneWithLogin(context);
    await home.run("run", "--once", "--ping", "profile");
    await home.run("ping", "--ping", "message");
    await home.run("refresh");
    const lines = (await home.run("history")).stdout.trimEnd().split("\n");
    const told = lines.map((line) => line.replace(/^.*anthropic {2}(.*?) {2}\[.*$/, "$1"));
    expect(told).toEqual([
      "another writer: first seen",
      "us: refreshed",
      "us: pinged (profile): ok",
      "us: pinged (message): ok",
      "us: refreshed",
    ]);
    expect((await home.run("history", "-n", "2")).stdout.trimEnd().split("\n")).toEqual(lines.slice(-2));
    expect(JSON.parse((await home.run("history", "anthropic", "-n3", "--json")).stdout)).toMatchObject({
      version: 1,
      events: [
        { at: expect.any(Number), kind: "pinged", outcome: "ok", mode: "profile", what: "pinged (profile): ok" },
        { kind: "pinged", mode: "message" },
        { kind: "refreshed" },
      ],
    });
  });

  it.concurrent("reads what another version wrote, each line by its sentence", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    await home.run("ping", "--ping", "profile");
    const paths = [...(await filesBelow(home.stateDir)).keys()].filter((path) => path.endsWith("pings.jsonl"));
    const path = join(home.stateDir, paths[0] ?? "");
    const newer =
      '{"version":1,"at":9e12,"id":"anthropic","by":"us","what":"sung to","kind":"sung","fingerprint":null}\n';
    await writeFile(path, (await readFile(path, "utf8")) + newer);
    const older = '{"at":1,"id":"anthropic","by":"us","what":"refreshed","fingerprint":null}\n';
    await writeFile(join(dirname(path), "events.jsonl"), older, { mode: 0o600 });
    const { stdout } = await home.run("history");
    expect(stdout).toMatch(/us: refreshed\n.*us: pinged \(profile\): ok .*\n.*us: sung to\n$/);
  });
});
