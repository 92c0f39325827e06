import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assemble } from "../../app/assemble/assemble.ts";
import { type Pair } from "../../app/ports/credential-file.ts";
import { parseSettings } from "../../app/shared/settings.ts";
import { type CliHome, createCliHome } from "../support/cli.ts";
import { oauthEntry } from "../support/entries.ts";
import { textOf } from "../support/files.ts";
import { type OidcServer, startOidcServer } from "../support/server/oidc.ts";

/** Each refresh looks after its write for two seconds, so several files are kept at the same time. */
const FILES = 8;
const REFRESHES = 7;

const fileSchema = v.object({
  anthropic: v.object({ refresh: v.string(), access: v.string(), expires: v.number() }),
});

describe("with an authorization server that other people wrote, in form encoding", () => {
  let server: OidcServer;
  let home: CliHome;
  beforeAll(async () => {
    server = await startOidcServer({ expiresIn: 900 });
    home = await createCliHome({ tokenUrl: "http://127.0.0.1:9/by-flag-instead" });
  });
  afterAll(async () => {
    await home?.close();
    await server?.close();
  });

  const write = async (path: string, entry: unknown): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify({ anthropic: entry }), { mode: 0o600 });
  };
  const pairAt = async (path: string): Promise<Pair> =>
    v.parse(fileSchema, JSON.parse((await textOf(path)) ?? "null")).anthropic;
  const engineFor = async (authFile: string) => {
    const settings = parseSettings({ providers: { anthropic: { encoding: "form" } } });
    const { engine } = await assemble({
      version: "0.0.0",
      authFile,
      stateDir: home.stateDir,
      settings: { read: () => settings, update: () => undefined, onChange: () => () => undefined },
      endpoints: new Map([["anthropic", { tokenUrl: server.tokenUrl, encoding: "form" }]]),
      ping: { mode: "off", chosen: true },
      power: { leaving: () => false },
      oneShot: true,
      readOnly: false,
      logLevel: "error",
      stderrLog: false,
      env: home.env,
    });
    return engine;
  };
  const replay = async (refresh_token: string): Promise<{ status: number; body: unknown }> => {
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token, client_id: server.clientId });
    const response = await fetch(server.tokenUrl, { method: "POST", body });
    return { status: response.status, body: await response.json() };
  };

  it("more than fifty refreshes are one chain each, and the server sees no reuse", async () => {
    const ended = await Promise.all(
      Array.from({ length: FILES }, async (_, n) => {
        const { grantId, refresh } = await server.issue(`account ${n}`);
        const path = join(home.home, `file ${n}`, "auth.json");
        await write(path, oauthEntry({ refresh, access: "expired", expires: Date.now() - 1_000 }));
        const engine = await engineFor(path);
        const seen = new Set([refresh]);
        for (let turn = 0; turn < REFRESHES; turn += 1) {
          const results = await engine.refresh(["anthropic"]);
          expect(results).toEqual([{ id: "anthropic", sentence: "Refreshed." }]);
          const pair = await pairAt(path);
          seen.add(pair.refresh);
          expect(Math.abs(pair.expires - Date.now() - 900_000)).toBeLessThan(10_000);
        }
        expect(seen.size).toBe(REFRESHES + 1);
        expect((await engine.status()).accounts).toMatchObject([{ id: "anthropic", state: "healthy" }]);
        return grantId;
      }),
    );
    expect(server.events.filter(({ kind }) => kind === "refreshed")).toHaveLength(FILES * REFRESHES);
    for (const grantId of ended) {
      const own = server.events.filter((event) => "grantId" in event && event.grantId === grantId);
      expect(own.map(({ kind }) => kind)).toEqual(Array.from({ length: REFRESHES }, () => "consumed"));
    }
    expect(server.events.filter(({ kind }) => kind === "revoked" || kind === "refused")).toEqual([]);
  });

  it("a replay, had there been one, would have been seen; after it our refresh ends as a sign-in, without a crash", async () => {
    const { grantId, refresh } = await server.issue("the replayed one");
    await write(home.authFile, oauthEntry({ refresh, access: "expired", expires: Date.now() - 1_000 }));
    await mkdir(dirname(home.settingsFile), { recursive: true });
    await writeFile(home.settingsFile, JSON.stringify({ providers: { anthropic: { encoding: "form" } } }));

    const good = await home.run("refresh", "--token-url", server.tokenUrl);
    expect(good).toMatchObject({ code: 0, stdout: "anthropic: Refreshed.\n", stderr: "" });
    const { refresh: live } = await pairAt(home.authFile);
    expect(live).not.toBe(refresh);
    expect(server.events).not.toContainEqual({ kind: "revoked", grantId });

    expect(await replay(refresh)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(server.events).toContainEqual({ kind: "revoked", grantId });

    const bad = await home.run("refresh", "--token-url", server.tokenUrl);
    expect(bad).toMatchObject({ code: 1, stderr: "" });
    expect(bad.stdout).toContain("Sign in again");
    expect(bad.stdout).not.toContain(live);
    expect((await home.status()).accounts).toMatchObject([
      { id: "anthropic", state: "signIn", lastRefresh: { outcome: "rejected" } },
    ]);
    // It is kept as it was: only a sign-in changes it, and nothing more is sent.
    expect((await pairAt(home.authFile)).refresh).toBe(live);
    const before = server.events.length;
    expect(await home.run("run", "--once", "--token-url", server.tokenUrl)).toMatchObject({ code: 1 });
    expect(server.events).toHaveLength(before);
  });
});
