import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { type Pair } from "../../app/ports/credential-file.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import {
  asOrdinaryUser,
  giveToOrdinaryUser,
  loginOf,
  picture,
  putBytes,
  saidBy,
  scene,
  sceneWithLogin,
  stateOf,
} from "../support/scene.ts";
import type { IssuedPair } from "../support/server/token-authority.ts";
import { until } from "../support/wait.ts";

const run = promisify(execFile);

const goodText = (login: IssuedPair) => `${JSON.stringify({ anthropic: oauthEntry(expired(login)) }, null, 2)}\n`;

describe.concurrent("without a credential file", () => {
  it.concurrent.for(["status", "run --once", "refresh", "ping"])(
    "%s is content, and says which path it watches and how to sign in",
    async (command, context) => {
      const { home, server } = await scene(context);
      const ended = await home.run(...command.split(" "));
      expect(ended.code).toBe(0);
      expect(saidBy(ended)).toContain(home.authFile);
      expect(saidBy(ended)).toContain("opencode auth login");
      expect(await server.requests()).toEqual([]);
      // Nobody has signed in, so there is not even a folder.
      await expect(readdir(dirname(home.authFile))).rejects.toThrow("ENOENT");
    },
  );

  it.concurrent("status leaves no trace", async (context) => {
    const { home } = await scene(context);
    const before = await picture(home.home);
    await home.run("status");
    await home.run("status", "--json");
    expect(await picture(home.home)).toEqual(before);
  });

  it.concurrent("run waits for it, folder and all, and then keeps the login alive", async (context) => {
    const { home, server } = await scene(context);
    const keeper = home.start("run");
    await keeper.prints("opencode auth login");
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    const { newest } = await until("the login is refreshed", async () => {
      const standing = await server.standing(login.refresh);
      return standing.current ? null : standing;
    });
    await until("the new pair stands in the file", async () => (await home.pair())?.refresh === newest);
    keeper.kill();
    expect((await keeper.ended).code).toBe(0);
  });
});

interface Broken {
  readonly name: string;
  /** Of the sentence. */
  readonly says: string | RegExp;
  make(path: string, login: IssuedPair): Promise<void>;
}

const holding = (content: (login: IssuedPair) => string | Uint8Array) => async (path: string, login: IssuedPair) => {
  await writeFile(path, content(login), { mode: 0o600 });
};

const mkdirAt = async (path: string) => {
  await mkdir(path);
};
const fifoAt = async (path: string) => {
  await run("mkfifo", [path]);
};

const BROKEN: readonly Broken[] = [
  { name: "an empty file", says: "it is empty", make: holding(() => "") },
  {
    name: "a file that is cut off",
    says: "cut off or not JSON",
    make: holding((login) => goodText(login).slice(0, -20)),
  },
  { name: "a file that is not JSON", says: "not JSON", make: holding(() => "anthropic: oauth\n") },
  {
    name: "a file with a comma too many",
    says: "not JSON",
    make: holding(() => '{"anthropic": {"type":"api","key":"k"},}'),
  },
  { name: "a list", says: "no JSON object", make: holding((login) => `[${goodText(login)}]`) },
  { name: "null", says: "no JSON object", make: holding(() => "null") },
  {
    name: "a text in another encoding",
    says: "not UTF-8",
    make: holding(() => Buffer.from('{"caf\u00e9":{}}', "latin1")),
  },
  { name: "a byte order mark", says: "byte order mark", make: holding((login) => `\ufeff${goodText(login)}`) },
  {
    name: "a key that stands twice",
    says: "“anthropic” is in it twice",
    make: holding((login) => goodText(login).replace(/\}\s*$/, ',"anthropic":{"type":"api","key":"k"}}')),
  },
  {
    name: "a key that stands twice inside an entry",
    says: "“refresh” is in it twice",
    make: holding((login) => goodText(login).replace('"type"', '"refresh":"other","type"')),
  },
  { name: "a folder in its place", says: "it is a folder", make: mkdirAt },
  { name: "a FIFO in its place", says: "not a regular file", make: fifoAt },
  {
    name: "50 MB of junk",
    says: "larger than 4 MB",
    make: holding(() => Buffer.alloc(50 * 1024 * 1024, '{"a":[')),
  },
  {
    name: "4 MB of brackets",
    says: "nested too deeply",
    make: holding(() => "[".repeat(4_000_000)),
  },
];

const COMMANDS = [["status"], ["run", "--once"], ["refresh"]] as const;

describe.concurrent("a credential file that cannot be understood", () => {
  it.concurrent.for(BROKEN)("$name: exit 4, one sentence, not a byte written", async ({ says, make }, context) => {
    const { home, server } = await scene(context);
    const folder = dirname(home.authFile);
    await mkdir(folder, { recursive: true });
    await make(home.authFile, await server.issue());
    const before = await picture(folder);
    for (const command of COMMANDS) {
      const ended = await home.run(...command);
      expect([command.join(" "), ended.code]).toEqual([command.join(" "), 4]);
      const said = saidBy(ended);
      expect(said).toContain(home.authFile);
      expect(said).toMatch(says);
      expect(said).not.toMatch(/\bat .*:\d+:\d+|Error\b|sk-ant/);
      expect(said.trim().length).toBeLessThan(home.authFile.length + 130);
      expect(ended.ms).toBeLessThan(10_000);
      expect(await picture(folder)).toEqual(before);
    }
    expect(await server.requests()).toEqual([]);
  });

  it.concurrent("every command that reads it ends so, and as JSON, too", async (context) => {
    const { home } = await scene(context);
    await putBytes(home, "junk");
    for (const command of [
      "status --json",
      "run --once --json",
      "accounts",
      "ping",
      "refresh --all",
      "allow anthropic",
    ]) {
      const ended = await home.run(...command.split(" "));
      expect([command, ended.code]).toEqual([command, 4]);
      expect(saidBy(ended)).toContain("not JSON");
    }
    expect((await home.status()).file).toEqual({
      path: home.authFile,
      format: null,
      problem: "it is cut off or not JSON (line 1, column 1)",
      problemKind: "notJson",
    });
    expect(await readFile(home.authFile, "utf8")).toBe("junk");
  });

  it.concurrent("one that may not be read: exit 4, for status and for a pass of an ordinary user", async (context) => {
    const { home, login, server } = await sceneWithLogin(context);
    await chmod(home.authFile, 0o000);
    await giveToOrdinaryUser(home);
    const before = await picture(dirname(home.authFile));
    for (const command of COMMANDS) {
      const ended = await asOrdinaryUser(home, ...command).ended;
      expect([command.join(" "), ended.code]).toEqual([command.join(" "), 4]);
      expect(saidBy(ended)).toContain(home.authFile);
      expect(saidBy(ended)).toContain("permission denied");
    }
    expect(await picture(dirname(home.authFile))).toEqual(before);
    expect(await server.redemptions(login.refresh)).toBe(0);
  });

  it.concurrent.for(BROKEN.filter(({ name }) => /cut off|folder|FIFO|50 MB/.test(name)))(
    "run goes on watching $name, and recovers by itself",
    async ({ says, make }, context) => {
      const { home, server } = await scene(context);
      const login = await server.issue();
      await mkdir(dirname(home.authFile), { recursive: true });
      await make(home.authFile, login);
      const keeper = home.start("run");
      const seen = await until("the problem is published", async () => (await home.published())?.file.problem);
      expect(seen).toMatch(says);
      expect(await readdir(dirname(home.authFile))).toEqual(["auth.json"]);
      await rm(home.authFile, { recursive: true });
      await home.putEntries({ anthropic: oauthEntry(expired(login)) });
      await server.seen("token", 1);
      const { newest } = await server.standing(login.refresh);
      await until("the new pair stands in the file", async () => (await home.pair())?.refresh === newest);
      const { file } = await until("all is well again", async () => {
        const published = await home.published();
        return published?.accounts[0]?.state === "healthy" ? published : null;
      });
      expect(file.problem).toBeNull();
      expect(keeper.running()).toBe(true);
      keeper.kill();
      expect((await keeper.ended).code).toBe(0);
    },
  );

  it.concurrent("a keeper whose good file breaks goes on, sends nothing, and comes back with it", async (context) => {
    const { home, login, server } = await sceneWithLogin(context, { healthy: true });
    const good = await readFile(home.authFile);
    const keeper = home.start("run");
    await until("it is seen", async () => (await home.published())?.accounts[0]?.state === "healthy");
    await putBytes(home, good.subarray(0, 40));
    await until("the problem is published", async () => (await home.published())?.file.problem);
    expect(await readFile(home.authFile)).toEqual(good.subarray(0, 40));
    await putBytes(home, good);
    await until("it is well again", async () => (await home.published())?.accounts[0]?.state === "healthy");
    expect(keeper.running()).toBe(true);
    // No cut file is a sign-out.
    expect(await stateOf(home)).toBe("healthy");
    expect(await server.redemptions(login.refresh)).toBe(0);
  });
});

describe.concurrent("one bad entry among good ones", () => {
  const bad = [
    ["a", '{"type":"oauth","refresh":5,"access":"a","expires":1e3}', "refresh token"],
    ["b", '{ "type" : "oauth","refresh":"r","access":"a","expires":"soon" }', "“expires”"],
    ["c", '{"type":"oauth","refresh":"r","access":"a","expires":1.50}', "“expires”"],
    ["d", "[ 1, 2.0,\t3 ]", "not an object"],
    ["e", '{"refresh":"r"}', "no “type”"],
    ["f", "null", "not an object"],
    ["g", '{"type":"oauth","refresh":"r","access":"a","expires":-1,"accountId":null}', "“expires”"],
  ] as const;
  const fileOf = (login: Pair, entries: readonly string[]) =>
    `{\r\n\t${entries.join(",\r\n\n")},\r\n "anthropic": {"type":"oauth", "unknown":[1.0,-0,1E+2,"\\u00e9"], ` +
    `"refresh":"${login.refresh}","access" : "${login.access}","expires":${login.expires} },\n\n"key":{"type":"api","key":"k\\/"}\t}\n\n`;

  it.concurrent("each is set aside with the reason, the others are refreshed, and it survives to the byte", async (context) => {
    const { home, server } = await scene(context);
    const login = expired(await server.issue());
    const entries = bad.map(([id, text]) => `"${id}" :${text}`);
    await putBytes(home, fileOf(login, entries));
    const ended = await home.run("run", "--once");
    expect(ended.code).toBe(4);
    const pair = await home.pair();
    if (pair === null) throw new Error("the file cannot be read any more");
    expect(pair.refresh).toBe((await server.standing(login.refresh)).newest);
    expect(await readFile(home.authFile, "utf8")).toBe(fileOf(pair, entries));
    expect(await stateOf(home)).toBe("healthy");
    for (const [id, , why] of bad) {
      const { state, reason } = await loginOf(home, id);
      expect([id, state]).toEqual([id, "unreadable"]);
      expect(reason).toContain(why);
      expect(saidBy(ended)).toContain(why);
    }
    expect((await home.run("status")).code).toBe(4);
    // The worst of those that were asked for decides.
    expect((await home.run("refresh", "anthropic")).code).toBe(0);
  });

  it.concurrent("a keeper goes on refreshing the others", async (context) => {
    const { home, server } = await scene(context);
    const login = expired(await server.issue());
    const entries = [`"a":${bad[0][1]}`];
    await putBytes(home, fileOf(login, entries));
    const keeper = home.start("run");
    await server.seen("token", 1);
    const { newest } = await server.standing(login.refresh);
    const pair = await until("the new pair stands in the file", async () => {
      const standing = await home.pair();
      return standing?.refresh === newest ? standing : null;
    });
    expect(await readFile(home.authFile, "utf8")).toBe(fileOf(pair, entries));
    keeper.kill();
    expect((await keeper.ended).code).toBe(0);
  });
});
