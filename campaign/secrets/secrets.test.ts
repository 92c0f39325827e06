import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { spawnCli } from "../../e2e/support/cli.ts";
import { expired, oauthEntry } from "../../e2e/support/entries.ts";
import type { Stage } from "./acts.ts";
import { type Found, playAct, secrets } from "./secrets.ts";

const plan = { form: "short", seed: 1, minutes: null, say: () => undefined } as const;

describe("the campaign secrets, in its short form", () => {
  it("finds nothing", async () => {
    const { counts, failures } = await secrets.run(plan);
    console.info(JSON.stringify(counts));
    expect(failures).toEqual([]);
    expect(counts["tokens"]).toBeGreaterThan(5);
    expect(counts["processes"]).toBeGreaterThan(10);
  });
});

describe("the search", () => {
  it("bites where a token was put into our log, a crash report, a command line and a terminal", async () => {
    const found: Found = { counts: new Map(), failures: [] };
    const play = async (stage: Stage): Promise<void> => {
      const { home, server, evidence } = stage;
      const login = expired(await server.issue());
      await home.putEntries({ anthropic: oauthEntry(login) });
      await stage.run("status");
      await mkdir(join(home.stateDir, "log"), { recursive: true });
      await appendFile(join(home.stateDir, "log", "pilot-light.log"), login.access.slice(-20));
      await writeFile(join(home.home, "crash.dmp"), Buffer.from(`\0\0${login.refresh}`).toString("base64"));
      // It lives until it is seen.
      const leaky = spawnCli(
        process.execPath,
        ["-e", "setTimeout(() => undefined, 60_000)", login.refresh],
        home.env,
        home.home,
      );
      const told = await spawnCli("echo", [encodeURIComponent(login.access)], home.env, home.home).ended;
      evidence.terminal("echo", told);
      await expect.poll(() => evidence.has(login.refresh), { timeout: 20_000 }).toBe(true);
      leaky.kill();
      await leaky.ended;
    };
    await playAct({ name: "leaks", short: false, play }, plan, found);
    const told = found.failures.map(({ what }) => what).join("\n");
    expect(told).toMatch(/a token \(plain\) at \d+ of file \S*log/);
    expect(told).toMatch(/a token \(base64\) at \d+ of file crash.dmp/);
    expect(told).toMatch(/a token \(plain\) at \d+ of \/proc\/\d+/);
    expect(told).toMatch(/a token \(plain\) at \d+ of terminal of "echo"/);
    expect(told).not.toContain("planted");
  });
});
