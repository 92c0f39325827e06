import { describe, expect, it } from "vitest";
import { memoryFiles } from "../testing/memory-files.ts";
import { createSharedLogins, type SharedLoginsOptions } from "./shared-logins.ts";

const MARK = "20260805200742_import_legacy_credentials";
const AUTH = "/home/ada/.local/share/opencode/auth.json";
const DB = "/home/ada/.local/share/opencode/opencode.db";
const CLAUDE = "/home/ada/.claude/.credentials.json";
const MIB = 1024 * 1024;

function claudeLogin(refreshToken: unknown): string {
  return JSON.stringify({ claudeAiOauth: { accessToken: "at", refreshToken, expiresAt: 1 }, mcpOAuth: {} });
}

function set(options: Partial<SharedLoginsOptions> = {}) {
  const files = memoryFiles();
  files.put(AUTH, "{}");
  const shared = createSharedLogins({
    files,
    claudeConfigDir: null,
    home: "/home/ada",
    authFile: AUTH,
    platform: "linux",
    ...options,
  });
  return { files, read: () => shared.read() };
}

function bytesWith(size: number, at: number): Uint8Array {
  const bytes = new Uint8Array(size).fill(0x5f);
  bytes.set(new TextEncoder().encode(MARK), at);
  return bytes;
}

const NOTHING = { tokens: new Map(), all: null, unseen: null };

describe("shared logins", () => {
  it("sees nothing where nothing is", async () => {
    const { read } = set();
    expect(await read()).toEqual(NOTHING);
  });

  it("sees the refresh token that Claude Code holds, and its change", async () => {
    const { files, read } = set();
    files.put(CLAUDE, claudeLogin("rt-1"));
    expect(await read()).toEqual({ ...NOTHING, tokens: new Map([["rt-1", "Claude Code"]]) });
    files.put(CLAUDE, claudeLogin("rt-2"));
    expect([...(await read()).tokens.keys()]).toEqual(["rt-2"]);
    expect(files.opened.every((note) => note.closed)).toBe(true);
  });

  it("looks into the folder that CLAUDE_CONFIG_DIR names too, if it is absolute", async () => {
    const { files, read } = set({ claudeConfigDir: "/srv/claude/" });
    files.put("/srv/claude/.credentials.json", claudeLogin("rt-custom"));
    files.put(CLAUDE, claudeLogin("rt-home"));
    expect([...(await read()).tokens.keys()].sort()).toEqual(["rt-custom", "rt-home"]);
    const relative = set({ claudeConfigDir: "claude" });
    relative.files.put(CLAUDE, claudeLogin("rt-home"));
    expect([...(await relative.read()).tokens.keys()]).toEqual(["rt-home"]);
  });

  it.each([
    ["no JSON", "{"],
    ["a JSON scalar", "null"],
    ["no login", '{"mcpOAuth":{}}'],
    ["a login that is no object", '{"claudeAiOauth":"rt"}'],
    ["an empty token", claudeLogin("")],
    ["a token that is no text", claudeLogin(7)],
    ["more than 1 MiB", `${claudeLogin("rt")}${" ".repeat(MIB)}`],
    ["no UTF-8", new Uint8Array([0xff, 0xfe, 0])],
  ])("takes %s in Claude Code's file for no information", async (_, content) => {
    const { files, read } = set();
    files.put(CLAUDE, content);
    expect(await read()).toEqual(NOTHING);
    expect(files.opened.every((note) => note.read <= MIB + 1)).toBe(true);
  });

  it("takes a file that cannot be read for no information", async () => {
    const { files, read } = set();
    files.put(CLAUDE, claudeLogin("rt"));
    files.put(DB, MARK);
    files.breakFile(CLAUDE, "EACCES");
    files.breakFile(DB, "EIO");
    expect(await read()).toEqual(NOTHING);
  });

  it("warns on macOS when Claude Code's login can only be in the keychain", async () => {
    const { files, read } = set({ platform: "darwin" });
    expect((await read()).unseen).toBeNull();
    files.put("/home/ada/.claude/settings.json", "{}");
    expect((await read()).unseen).toEqual({ kind: "inKeychain", program: "Claude Code" });
    files.put(CLAUDE, claudeLogin("rt"));
    expect((await read()).unseen).toBeNull();
    const linux = set();
    linux.files.put("/home/ada/.claude/settings.json", "{}");
    expect((await linux.read()).unseen).toBeNull();
  });

  it("does not take OpenCode's database alone for a take-over", async () => {
    const { files, read } = set();
    files.put(DB, `SQLite format 3\0${MARK.slice(0, -1)} 20260611035744_credential`);
    expect(await read()).toEqual(NOTHING);
  });

  it.each(["opencode.db", "opencode.db-wal"])("sees the take-over by OpenCode 2 in %s", async (name) => {
    const { files, read } = set();
    files.put(`/home/ada/.local/share/opencode/${name}`, `junk ${MARK} junk`);
    expect(await read()).toEqual({ ...NOTHING, all: "OpenCode 2" });
  });

  it.each([0, 1, MIB - MARK.length, MIB - 20, MIB - 1, MIB, 2 * MIB - 7, 3 * MIB - MARK.length])(
    "finds the mark at byte %i",
    async (at) => {
      const { files, read } = set();
      files.put(DB, bytesWith(3 * MIB, at));
      expect((await read()).all).toBe("OpenCode 2");
    },
  );

  it("looks beside the file that auth.json links to, and beside the link", async () => {
    for (const folder of ["/dotfiles", "/home/ada/.local/share/opencode"]) {
      const { files, read } = set();
      files.put("/dotfiles/auth.json", "{}");
      files.link(AUTH, "/dotfiles/auth.json");
      files.put(`${folder}/opencode.db`, MARK);
      expect((await read()).all).toBe("OpenCode 2");
    }
  });

  it("looks beside a credential file that is missing", async () => {
    const { files, read } = set();
    await files.remove(AUTH);
    files.put(DB, MARK);
    expect((await read()).all).toBe("OpenCode 2");
  });

  it("searches a database again only after it changed", async () => {
    const { files, read } = set();
    files.put(DB, "nothing");
    await read();
    await read();
    expect(files.opened.length).toBe(1);
    files.put(DB, MARK);
    expect((await read()).all).toBe("OpenCode 2");
    expect((await read()).all).toBe("OpenCode 2");
    expect(files.opened.length).toBe(2);
    await files.remove(DB);
    expect((await read()).all).toBeNull();
  });

  it("searches the two ends of a database beyond the limit, and says so when it found nothing", async () => {
    const limited = (at: number) => {
      const { files, read } = set({ maxSearchBytes: 2000 });
      files.put(DB, bytesWith(10_000, at));
      return { files, read };
    };
    expect((await limited(900).read()).all).toBe("OpenCode 2");
    expect((await limited(9_900).read()).all).toBe("OpenCode 2");
    const { files, read } = limited(5_000);
    const { all, unseen } = await read();
    expect(all).toBeNull();
    expect(unseen).toEqual({ kind: "databaseTooLarge" });
    expect(files.opened.reduce((sum, note) => sum + note.read, 0)).toBeLessThan(2200);
  });
});
