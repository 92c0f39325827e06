import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { describe, expect, it, onTestFinished } from "vitest";
import { resolveFolders, resolveOptions, type Surroundings } from "../assemble/options.ts";
import { UserError } from "../shared/data/errors.ts";
import { parseSettings } from "../shared/settings.ts";
import { createDemoFolder, demoFlags, demoSurroundings, startDemo } from "./demo.ts";

function tempRoot(): string {
  const root = mkdtempSync(join(realpathSync(tmpdir()), "pilot-light-test-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

async function started(root = tempRoot()) {
  const demo = await startDemo({ folder: createDemoFolder(root), answerAfterMs: 0 });
  onTestFinished(() => demo.close());
  return { demo, root };
}

const recordsSchema = v.object({
  providers: v.object({ anthropic: v.object({ records: v.array(v.object({ refresh: v.string() })) }) }),
});

function firstRefreshToken(authFile: string): string {
  const { providers } = v.parse(recordsSchema, JSON.parse(readFileSync(authFile, "utf8")));
  return providers.anthropic.records[0]?.refresh ?? "";
}

const redeem = (tokenUrl: string, refresh: string) =>
  fetch(tokenUrl, { method: "POST", body: JSON.stringify({ grant_type: "refresh_token", refresh_token: refresh }) });

describe("a demo", () => {
  it("stands in one folder of its own, for its owner's eyes only, on a port of this machine", async () => {
    const { demo, root } = await started();
    expect(readdirSync(root).map((name) => join(root, name))).toEqual([demo.folder]);
    expect(demo.authFile).toBe(join(demo.folder, "auth.json"));
    expect(demo.stateDir).toBe(join(demo.folder, "state"));
    expect(demo.settingsDir).toBe(demo.stateDir);
    expect(statSync(demo.folder).mode & 0o777).toBe(0o700);
    expect(statSync(demo.stateDir).mode & 0o777).toBe(0o700);
    expect(statSync(demo.authFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(demo.settingsDir, "settings.json")).mode & 0o777).toBe(0o600);
    expect(demo.apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(demo.tokenUrl).toBe(`${demo.apiUrl}/v1/oauth/token`);
  });

  it("redeems what stands in its file, once", async () => {
    const { demo } = await started();
    const token = firstRefreshToken(demo.authFile);
    const first = await redeem(demo.tokenUrl, token);
    expect([first.status, (await redeem(demo.tokenUrl, token)).status]).toEqual([200, 400]);
  });

  it("knows nothing of another demo's tokens", async () => {
    const [one, other] = [await started(), await started()];
    const answer = await redeem(other.demo.tokenUrl, firstRefreshToken(one.demo.authFile));
    expect(answer.status).toBe(400);
  });

  it("leaves nothing behind when it is closed, however often", async () => {
    const { demo, root } = await started();
    await Promise.all([demo.close(), demo.close()]);
    expect(readdirSync(root)).toEqual([]);
    await expect(fetch(demo.apiUrl)).rejects.toThrow();
    await demo.close();
  });

  it("can be closed while an answer is still to come", async () => {
    const demo = await startDemo({ folder: createDemoFolder(tempRoot()), answerAfterMs: 3_600_000 });
    const asked = redeem(demo.tokenUrl, firstRefreshToken(demo.authFile)).then(
      () => "answered",
      () => "cut off",
    );
    await demo.close();
    // The answer may just have left: what counts is that nothing waits for it.
    expect(["answered", "cut off"]).toContain(await asked);
    expect(existsSync(demo.folder)).toBe(false);
  });

  it("says so in one sentence where it can have no folder", () => {
    const root = join(tempRoot(), "absent");
    const problem = new UserError(
      `No temporary folder can be made in ${root}: it does not exist. Make room there, or choose another place with TMPDIR.`,
      3,
    );
    expect(() => createDemoFolder(root)).toThrow(problem);
  });

  it("says so where its folder is in the way, and removes it", async () => {
    const folder = createDemoFolder(tempRoot());
    await folder.write("auth.json", "{}");
    await expect(startDemo({ folder })).rejects.toMatchObject({ name: "UserError", exitCode: 3 });
    expect(existsSync(folder.path)).toBe(false);
  });
});

describe("a keeper on a demo", () => {
  const place = {
    folder: "/t/demo",
    authFile: "/t/demo/auth.json",
    stateDir: "/t/demo/state",
    settingsDir: "/t/demo/state",
    tokenUrl: "http://127.0.0.1:7/v1/oauth/token",
    apiUrl: "http://127.0.0.1:7",
  };
  const around: Surroundings = {
    env: {
      HOME: "/home/me",
      XDG_STATE_HOME: "/home/me/state",
      CLAUDE_CONFIG_DIR: "/home/me/claude",
      PILOT_LIGHT_AUTH_FILE: "/home/me/auth.json",
      PILOT_LIGHT_STATE_DIR: "/home/me/pilot",
      PILOT_LIGHT_TOKEN_URL: "https://elsewhere.example",
      PILOT_LIGHT_API_URL: "https://elsewhere.example",
      PILOT_LIGHT_PING: "off",
    },
    home: "/home/me",
    cwd: "/work",
    platform: "linux",
  };

  it("finds the demo's things only, whatever stands around it", () => {
    const flags = demoFlags({ tokenUrls: [], apiUrls: [], logLevel: "debug" }, place);
    const inside = demoSurroundings(around, place);
    expect(resolveFolders(flags, inside)).toMatchObject({ stateDir: place.stateDir, settingsDir: place.settingsDir });
    const options = resolveOptions(flags, parseSettings({ ping: { mode: "message" } }), inside);
    expect(options.authFile.path).toBe(place.authFile);
    expect([...options.endpoints.values()]).toMatchObject([{ tokenUrl: place.tokenUrl, apiUrl: place.apiUrl }]);
    expect(options).toMatchObject({ ping: { mode: "message", source: "settings" }, logLevel: "debug" });
    expect(JSON.stringify([inside, [...options.endpoints], options])).not.toMatch(/home\/me|elsewhere/);
  });

  it("pings as it was told by flag", () => {
    const flags = demoFlags({ tokenUrls: [], apiUrls: [], ping: "profile" }, place);
    const { ping } = resolveOptions(flags, parseSettings({}), demoSurroundings(around, place));
    expect(ping).toMatchObject({ mode: "profile", source: "flag" });
  });
});
