import { readFile, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { CLI, spawnCli } from "../support/cli.ts";
import { oauthEntry } from "../support/entries.ts";
import { loginOf, putBytes, sceneWithLogin, stateOf } from "../support/scene.ts";
import type { Behaviour } from "../support/server/token-script.ts";

describe.concurrent("an answer that is odd but good", () => {
  const HOUR = 3_600_000;
  it.concurrent.for([
    ["a text", "x", HOUR],
    ["negative", -5, HOUR],
    ["zero", 0, HOUR],
    ["more than 400 days", 1e12, HOUR],
    ["null", null, HOUR],
    ["missing", undefined, HOUR],
    ["a text of digits", "28800", HOUR],
    ["half a second", 0.5, 500],
    ["a fraction", 7200.25, 7_200_250],
  ] as const)(
    "an expires_in that is %s: the pair is kept, its time is believable",
    async ([, expires_in, ms], cleanup) => {
      const { home, server, login } = await sceneWithLogin(cleanup);
      await server.script("token", { kind: "patched", members: { expires_in } });
      const from = Date.now();
      const ended = await home.run("run", "--once");
      expect(ended.code).toBe(0);
      const pair = await home.pair();
      expect(pair?.refresh).toBe((await server.standing(login.refresh)).newest);
      expect(Number.isSafeInteger(pair?.expires)).toBe(true);
      expect(pair?.expires ?? 0).toBeGreaterThanOrEqual(from + ms);
      expect(pair?.expires ?? 0).toBeLessThan(Date.now() + ms);
      // Whatever the lifetime, there is a minute between two refreshes.
      expect((await home.run("run", "--once")).code).toBe(0);
      expect(await server.requests("token")).toHaveLength(1);
    },
  );

  it.concurrent.for<readonly [string, Behaviour]>([
    ["no refresh token", { kind: "noRefreshToken" }],
    ["the same refresh token", { kind: "sameRefreshToken" }],
  ])("%s: the old one stays, the access token is new, and it may be sent again", async ([, behaviour], cleanup) => {
    const { home, server, login } = await sceneWithLogin(cleanup);
    await server.script("token", behaviour);
    expect((await home.run("run", "--once")).code).toBe(0);
    const pair = await home.pair();
    expect(pair?.refresh).toBe(login.refresh);
    expect(pair?.access).not.toBe(login.access);
    expect(await stateOf(home)).toBe("healthy");
    expect((await home.run("refresh")).code).toBe(0);
    expect(await server.redemptions(login.refresh)).toBe(2);
    expect((await home.pair())?.refresh).toBe((await server.standing(login.refresh)).newest);
  });

  it.concurrent("no new refresh token after one that rotated: the new access token stands in the file", async (cleanup) => {
    const { home, server } = await sceneWithLogin(cleanup);
    expect((await home.run("run", "--once")).code).toBe(0);
    const rotated = await home.pair();
    await server.script("token", { kind: "noRefreshToken" });
    expect((await home.run("refresh")).code).toBe(0);
    const kept = await home.pair();
    expect(kept?.refresh).toBe(rotated?.refresh);
    expect(kept?.access).not.toBe(rotated?.access);
    expect(await stateOf(home)).toBe("healthy");
  });

  it.concurrent.for([
    ["an empty", ""],
    ["null for a", null],
    ["a number for a", 17],
  ] as const)("%s refresh token never overwrites the old one", async ([, refresh_token], cleanup) => {
    const { home, server, login } = await sceneWithLogin(cleanup);
    await server.script("token", { kind: "patched", members: { refresh_token } });
    expect((await home.run("run", "--once")).code).toBe(0);
    const pair = await home.pair();
    expect(pair?.refresh).toBe(login.refresh);
    expect(pair?.access).not.toBe(login.access);
  });

  it.concurrent("a deadline of the login is shown", async (cleanup) => {
    const { home } = await sceneWithLogin(cleanup, { rules: { refreshTokenExpiresIn: 19 * 86_400 } });
    expect((await home.run("run", "--once")).code).toBe(0);
    const { loginEndsAt } = await loginOf(home);
    expect(Math.abs((loginEndsAt ?? 0) - Date.now() - 19 * 86_400_000)).toBeLessThan(30_000);
    expect((await home.run("status")).stdout).toContain("18 d");
  });

  it.concurrent("another account than before: saved all the same, with a warning", async (cleanup) => {
    const { home, server, login } = await sceneWithLogin(cleanup);
    expect((await home.run("run", "--once")).code).toBe(0);
    await server.script("token", { kind: "patched", members: { account: { uuid: "someone-else" } } });
    expect((await home.run("refresh")).code).toBe(0);
    expect((await home.pair())?.refresh).toBe((await server.standing(login.refresh)).newest);
    expect((await loginOf(home)).reason).toContain("a different account");
  });
});

describe.concurrent("a new pair is never thrown away", () => {
  it.concurrent("a file that breaks while the answer is under way: the pair waits in the journal", async (cleanup) => {
    const { home, server, login } = await sceneWithLogin(cleanup);
    const before = await readFile(home.authFile);
    await server.script("token", { kind: "ordinary", gateAfter: "broken" });
    const pass = home.start("run", "--once");
    await server.seen("token", 1);
    await putBytes(home, before.subarray(0, 50));
    await server.release("broken");
    expect((await pass.ended).code).toBe(4);
    expect(await readFile(home.authFile)).toEqual(before.subarray(0, 50));
    await putBytes(home, before);
    expect((await home.run("run", "--once")).code).toBe(0);
    expect((await home.pair())?.refresh).toBe((await server.standing(login.refresh)).newest);
    expect(await server.redemptions(login.refresh)).toBe(1);
  });

  it.concurrent("a keeper killed before the answer: it is not sent again at once", async (cleanup) => {
    const { home, server, login } = await sceneWithLogin(cleanup);
    await server.script("token", { kind: "ordinary", gateAfter: "killed" });
    const keeper = home.start("run");
    await server.seen("token", 1);
    keeper.kill("SIGKILL");
    await keeper.ended;
    await server.release("killed");
    expect((await home.run("run", "--once")).code).toBe(3);
    expect(await stateOf(home)).toBe("outcomeUnknown");
    expect(await server.redemptions(login.refresh)).toBe(1);
  });

  it.concurrent("SIGTERM while the answer is under way: it is heard out and kept", async (cleanup) => {
    const { home, server, login } = await sceneWithLogin(cleanup);
    await server.script("token", { kind: "ordinary", gateAfter: "stopped" });
    const keeper = home.start("run");
    await server.seen("token", 1);
    keeper.kill("SIGTERM");
    await keeper.prints("stopping");
    await server.release("stopped");
    expect((await keeper.ended).code).toBe(0);
    expect((await home.pair())?.refresh).toBe((await server.standing(login.refresh)).newest);
  });

  it.concurrent("two passes at once redeem it once", async (cleanup) => {
    const { home, server, login } = await sceneWithLogin(cleanup);
    const codes = await Promise.all([1, 2, 3].map(async () => (await home.run("run", "--once")).code));
    expect(codes).toEqual([0, 0, 0]);
    expect(await server.requests("token")).toHaveLength(1);
    expect((await home.pair())?.refresh).toBe((await server.standing(login.refresh)).newest);
  });

  it.concurrent("a newer pair written while the answer is under way is adopted, not overwritten", async (cleanup) => {
    const { home, server } = await sceneWithLogin(cleanup);
    const other = await server.issue();
    await server.script("token", { kind: "ordinary", gateAfter: "signed in" });
    const pass = home.start("run", "--once");
    await server.seen("token", 1);
    await home.putEntries({ anthropic: oauthEntry(other) });
    await server.release("signed in");
    expect((await pass.ended).code).toBe(0);
    expect(await home.pair()).toEqual({ access: other.access, refresh: other.refresh, expires: other.expires });
    expect(await stateOf(home)).toBe("healthy");
  });
});

describe.concurrent("an answer that is too big", () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, " "));
  const BIG: readonly { readonly name: string; readonly serve: (response: ServerResponse) => void }[] = [
    { name: "200 MB", serve: flood },
    {
      name: "200 MB that announce themselves",
      serve: (response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": 200 * 1024 * 1024 });
        flood(response);
      },
    },
    {
      name: "a gzip bomb",
      serve: (response) => {
        response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
        response.end(bomb);
      },
    },
    {
      name: "64 KB of headers",
      serve: (response) => {
        response.writeHead(200, { "x-long": "a".repeat(64 * 1024) });
        response.end("{}");
      },
    },
  ];

  it.concurrent.for(BIG)("$name: bounded memory and time, outcome unknown", async ({ serve }, cleanup) => {
    const server = createServer((request, response) => {
      request.resume().on("end", () => serve(response));
      response.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanup.onTestFinished(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { home } = await sceneWithLogin(cleanup, { tokenUrl: `http://127.0.0.1:${port}/token` });
    const before = await readFile(home.authFile);
    const measure = join(home.home, "measure.cjs");
    const peak = join(home.home, "peak");
    await writeFile(
      measure,
      `process.on("exit", () => require("fs").writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)))`,
    );
    const measured = { ...home.env, NODE_OPTIONS: `--require=${measure}` };
    const ended = await spawnCli(process.execPath, [CLI, "run", "--once"], measured, home.home).ended;
    expect(ended.code).toBe(3);
    expect(ended.ms).toBeLessThan(15_000);
    expect(Number(await readFile(peak, "utf8"))).toBeLessThan(250 * 1024);
    expect(await stateOf(home)).toBe("outcomeUnknown");
    expect(await readFile(home.authFile)).toEqual(before);
  });
});

function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(1024 * 1024, " ");
  let left = 200;
  const pour = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(chunk)) return void response.once("drain", pour);
    }
    response.end();
  };
  pour();
}
