import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFiles } from "../../platform/files/files.ts";
import { type Files } from "../../ports/files.ts";
import { UserError } from "../../shared/data/errors.ts";
import { startLockSentence } from "../../shared/words/window.ts";
import { parseEntry, parseExec } from "./desktop-entry.ts";
import { createStartAtLogin, type StartAtLogin, type StartAtLoginDeps } from "./index.ts";
import type { LoginItemsApp } from "./login-items.ts";

const OURS = "X-Pilot-Light-Managed=true\n";
const noApp: LoginItemsApp = {
  getLoginItemSettings: () => {
    throw new Error("asked Electron on Linux");
  },
  setLoginItemSettings: () => {
    throw new Error("asked Electron on Linux");
  },
};

let folder: string;
let config: string;
let path: string;
let binary: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pilot-light-autostart-"));
  config = join(folder, "config");
  path = join(config, "autostart", "pilot-light.desktop");
  binary = await program("bin/pilot-light");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(name: string): Promise<string> {
  const at = join(folder, name);
  await mkdir(dirname(at), { recursive: true });
  await writeFile(at, "", { mode: 0o755 });
  return at;
}

function on(changes: Partial<StartAtLoginDeps> = {}): StartAtLogin {
  let count = 0;
  return createStartAtLogin({
    platform: "linux",
    env: { XDG_CONFIG_HOME: config },
    home: folder,
    execPath: binary,
    isPackaged: true,
    ownInstance: false,
    files: createFiles(),
    tempId: () => `t${(count += 1)}`,
    app: noApp,
    ...changes,
  });
}

async function put(text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
const text = (): Promise<string> => readFile(path, "utf8");
const argv = async (): Promise<readonly string[] | null> => parseExec(parseEntry(await text())?.get("Exec") ?? "");

describe("Start at login on Linux", () => {
  it("is off where there is no start file, and makes nothing by looking", async () => {
    expect(await on().read()).toEqual({ on: false, locked: null });
    await on().repair();
    expect(await readdir(folder)).toEqual(["bin"]);
  });

  it("is what was asked last, however quickly", async () => {
    const switched = on();
    await Promise.all([switched.set(true), switched.set(false), switched.set(true), switched.set(false)]);
    expect(await switched.read()).toEqual({ on: false, locked: null });
    await Promise.all([switched.set(false), switched.set(true), switched.repair()]);
    expect(await switched.read()).toEqual({ on: true, locked: null });
  });

  it("writes the program and --hidden, and nothing else of how it was started", async () => {
    const switched = on();
    await switched.set(true);
    expect(await switched.read()).toEqual({ on: true, locked: null });
    expect(await argv()).toEqual([binary, "--hidden"]);
    expect(await text()).toBe(
      `[Desktop Entry]\nType=Application\nName=Pilot Light\nComment=Keeps logins alive while the tool that uses them is closed\nExec=${binary} --hidden\nTryExec=${binary}\nIcon=pilot-light\nTerminal=false\nStartupNotify=false\nX-GNOME-Autostart-enabled=true\n${OURS}`,
    );
    expect((await stat(path)).mode & 0o777).toBe(0o644);
    expect(await readdir(dirname(path))).toEqual(["pilot-light.desktop"]);
  });

  it("is off again without a trace", async () => {
    await on().set(true);
    await on().set(false);
    await on().set(false);
    expect(await readdir(dirname(path))).toEqual([]);
    expect(await on().read()).toEqual({ on: false, locked: null });
  });

  it("stands in ~/.config where the variable is missing or relative", async () => {
    for (const env of [{}, { XDG_CONFIG_HOME: "" }, { XDG_CONFIG_HOME: "config" }]) {
      await on({ env }).set(true);
      expect(await readdir(join(folder, ".config", "autostart"))).toEqual(["pilot-light.desktop"]);
      await on({ env }).set(false);
    }
  });

  it("names the image, not its passing mount, where the app is an AppImage", async () => {
    const mounted = await program(".mount_x/pilot-light");
    const image = await program("Pilot Light.AppImage");
    const env = { XDG_CONFIG_HOME: config, APPIMAGE: image, APPDIR: dirname(mounted) };
    await on({ env, execPath: mounted }).set(true);
    expect(await argv()).toEqual([image, "--hidden"]);
    await on({ env: { XDG_CONFIG_HOME: config, APPIMAGE: image }, execPath: mounted }).set(true);
    expect(await argv()).toEqual([image, "--hidden"]);
  });

  it.each(["Hidden=true\n", "X-GNOME-Autostart-enabled=false\n"])(
    "is off when the desktop says %j, until it is switched on here",
    async (line) => {
      const found = `[Desktop Entry]\nExec=/gone\n${line}${OURS}`;
      await put(found);
      expect(await on().read()).toEqual({ on: false, locked: null });
      await on().repair();
      expect(await text()).toBe(found);
      await on().set(true);
      expect(await on().read()).toEqual({ on: true, locked: null });
      expect(await argv()).toEqual([binary, "--hidden"]);
    },
  );
});

describe("a start file of someone else", () => {
  it.each<[string, boolean]>([
    ["[Desktop Entry]\nExec=/gone\n", true],
    ["[Desktop Entry]\nExec=/gone\nX-Pilot-Light-Managed=false\n", true],
    ["[Desktop Entry]\nExec=/gone\nHidden=true\n", false],
    [`[Other]\n${OURS}`, false],
    ["", false],
  ])("is left alone, with the reason: %j", async (content, active) => {
    await put(content);
    const locked = { kind: "foreignFile", path } as const;
    const sentence = startLockSentence(locked);
    expect(await on().read()).toEqual({ on: active, locked });
    await expect(on().set(true)).rejects.toThrow(new UserError(sentence, 3));
    await expect(on().set(false)).rejects.toThrow(sentence);
    await on().repair();
    expect(await text()).toBe(content);
  });

  it("is left alone where it is no file at all", async () => {
    await mkdir(path, { recursive: true });
    const { locked } = await on().read();
    expect(locked).toEqual({ kind: "unreadableFile", path, code: "EISDIR" });
    await expect(on().set(true)).rejects.toThrow("it is a folder");
    await on().repair();
  });

  it("keeps what a link of ours pointed to", async () => {
    const target = join(folder, "dotfiles");
    await writeFile(target, `[Desktop Entry]\n${OURS}`);
    await mkdir(dirname(path), { recursive: true });
    await symlink(target, path);
    await on().set(true);
    expect(await readFile(target, "utf8")).toBe(`[Desktop Entry]\n${OURS}`);
    expect((await lstat(path)).isFile()).toBe(true);
  });
});

describe("a program that was moved", () => {
  const file = (exec: string, more = ""): string => `[Desktop Entry]\nName=My Pilot\nExec=${exec}\n${more}${OURS}`;

  it("is named anew at the next start, and what the user added stays", async () => {
    await put(file("/gone/pilot-light --hidden", "TryExec=/gone/pilot-light\nX-GNOME-Autostart-Delay=10\n"));
    await on().repair();
    expect(await text()).toBe(file(`${binary} --hidden`, `TryExec=${binary}\nX-GNOME-Autostart-Delay=10\n`));
    expect((await stat(path)).mode & 0o777).toBe(0o644);
  });

  it("is named anew where the command cannot be read", async () => {
    await put(file("'/gone/pilot-light' %u"));
    await on().repair();
    expect(await argv()).toEqual([binary, "--hidden"]);
    await put(`[Desktop Entry]\n${OURS}`);
    await on().repair();
    expect(await argv()).toEqual([binary, "--hidden"]);
  });

  it("is left as it is where it still stands: another copy that the user chose", async () => {
    const other = await program("other/pilot-light");
    for (const command of [other, "pilot-light-on-the-path"]) {
      await put(file(`${command} --hidden`));
      await on().repair();
      expect(await argv()).toEqual([command, "--hidden"]);
    }
  });

  it("is not written when nothing changed", async () => {
    await on().set(true);
    const { ino, ctimeNs } = await stat(path, { bigint: true });
    await on().repair();
    expect(await stat(path, { bigint: true })).toMatchObject({ ino, ctimeNs });
  });

  it("is named anew where only the word is stale that tells desktops whether it is there", async () => {
    await put(file(`${binary} --hidden`, "TryExec=/gone/pilot-light\n"));
    await on().repair();
    expect(await text()).toBe(file(`${binary} --hidden`, `TryExec=${binary}\n`));
  });

  it("is found again in a folder with a percent sign, which GLib cannot start by itself", async () => {
    const percent = await program("100%/pilot-light");
    await on({ execPath: percent }).set(true);
    expect(await argv()).toEqual(["env", percent, "--hidden"]);
    const { ino } = await stat(path);
    await on().repair();
    expect((await stat(path)).ino).toBe(ino);
    await rm(percent);
    await on().repair();
    expect(await argv()).toEqual([binary, "--hidden"]);
  });

  it("is not judged gone by a folder that cannot be looked into", async () => {
    const files = createFiles();
    const blind: Files = {
      ...files,
      stat: () => Promise.reject(Object.assign(new Error("no"), { code: "EACCES" })),
    };
    const found = file("/secret/pilot-light --hidden");
    await put(found);
    await on({ files: blind }).repair();
    expect(await text()).toBe(found);
  });
});

describe("a folder that cannot be written", () => {
  const failing = (code: string, where: keyof Files): Files => ({
    ...createFiles(),
    [where]: () => Promise.reject(Object.assign(new Error("planted-secret"), { code })),
  });

  it.each<[string, keyof Files, RegExp]>([
    ["EACCES", "makeFolders", /could not be written: permission denied\. Fix that, and switch it again\.$/],
    ["ENOSPC", "rename", /could not be written: the disk is full/],
    ["EROFS", "open", /the file system is read-only/],
  ])("is said in one sentence: %s of %s", async (code, where, sentence) => {
    const switched = on({ files: failing(code, where) });
    const error: unknown = await switched.set(true).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toMatch(sentence);
    expect(String(error)).not.toContain("planted-secret");
    expect(await readdir(folder)).not.toContain(".tmp");
    expect(await on().read()).toEqual({ on: false, locked: null });
  });

  it("is said when the file cannot be removed", async () => {
    await on().set(true);
    await expect(on({ files: failing("EPERM", "remove") }).set(false)).rejects.toThrow(
      "could not be removed: not permitted",
    );
    expect(await on().read()).toEqual({ on: true, locked: null });
  });

  it("is said where a file stands in its place", async () => {
    await mkdir(config);
    await writeFile(join(config, "autostart"), "");
    expect(await on().read()).toEqual({ on: false, locked: null });
    await expect(on().set(true)).rejects.toThrow("a file is where a folder should be");
    await on().set(false);
  });

  it("leaves the old file whole when the new one cannot be put there", async () => {
    const found = `[Desktop Entry]\nExec=/gone --hidden\n${OURS}`;
    await put(found);
    await expect(on({ files: failing("EIO", "rename") }).repair()).rejects.toThrow("the disk reported an error");
    expect(await text()).toBe(found);
    expect(await readdir(dirname(path))).toEqual(["pilot-light.desktop"]);
  });
});

describe("where it cannot be switched on", () => {
  it("the reason is shown, and nothing is touched", async () => {
    const found = `[Desktop Entry]\nExec=/gone --hidden\n${OURS}`;
    await put(found);
    const switched = on({ isPackaged: false });
    const sentence = "Off in a development checkout: only an installed Pilot Light can start at login.";
    expect(await switched.read()).toEqual({ on: false, locked: { kind: "checkout" } });
    await expect(switched.set(true)).rejects.toThrow(new UserError(sentence, 2));
    await expect(switched.set(false)).rejects.toThrow(sentence);
    await switched.repair();
    expect(await text()).toBe(found);
  });
});
