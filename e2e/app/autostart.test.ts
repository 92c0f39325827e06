import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createStartAtLogin, type StartAtLogin } from "../../app/main/autostart/index.ts";
import { createFiles } from "../../app/platform/files/files.ts";
import { desktopMissing } from "../support/desktop/needs.ts";
import { until } from "../support/wait.ts";

const run = promisify(execFile);

/** Names of folders that mean something to a shell, to a key file, or to a command line in it. */
const NASTY = [
  "plain",
  "two words",
  " blanks  at both ends ",
  'quo"te',
  "it's",
  "back`tick`",
  "dollar$HOME",
  "$(id)",
  "back\\slash",
  "back\\\\slashes\\",
  "\\s\\n",
  "100% %f %u %%",
  "semi;colon",
  "and&or|<in>~*?#(x)",
  "[Desktop Entry]",
  "#comment",
  "Ümläut 火 🔥",
  "-dash",
  `all "of'\`it\\$%;`,
];

/** A desktop's own readers of start files: GLib starts them (GNOME, Xfce, Cinnamon, MATE), the validator knows the rules. */
describe.skipIf(await desktopMissing({ gio: "libglib2.0-bin", "desktop-file-validate": "desktop-file-utils" }))(
  "the start file, before the desktop's own readers",
  () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "pilot-light-autostart-"));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    const file = (): string => join(folder, "config", "autostart", "pilot-light.desktop");
    const seen = (): string => join(folder, "seen");
    /** A program that writes down its own path, and each word that it was given. */
    const program = async (name: string): Promise<string> => {
      const path = join(folder, name, "pilot-light");
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, `#!/bin/sh\nprintf '%s\\0' "$0" "$@" > "$SEEN.new"\nmv "$SEEN.new" "$SEEN"\n`, {
        mode: 0o755,
      });
      return path;
    };
    const switchOf = (execPath: string): StartAtLogin =>
      createStartAtLogin({
        platform: "linux",
        env: { XDG_CONFIG_HOME: join(folder, "config") },
        home: folder,
        execPath,
        isPackaged: true,
        ownInstance: false,
        files: createFiles(),
        tempId: () => "temp",
        app: {
          getLoginItemSettings: () => expect.unreachable(),
          setLoginItemSettings: () => expect.unreachable(),
        },
      });
    /** Starts it as a session does. @returns the words that the program saw, its own path first. */
    const start = async (): Promise<readonly string[]> => {
      await rm(seen(), { force: true });
      const env = { PATH: process.env["PATH"] ?? "", HOME: folder, LANG: "C.UTF-8", SEEN: seen() };
      await run("gio", ["launch", file()], { env, timeout: 20_000 });
      const text = await until("the program was started", () => readFile(seen(), "utf8").catch(() => null));
      return text.split("\0").slice(0, -1);
    };

    it.each(NASTY)("starts the program in a folder named %j, hidden", async (name) => {
      const path = await program(name);
      await switchOf(path).set(true);
      // The validator has something to say about nothing: neither on stdout nor on stderr.
      expect(await run("desktop-file-validate", [file()])).toEqual({ stdout: "", stderr: "" });
      expect(await start()).toEqual([path, "--hidden"]);
      expect(await switchOf(path).read()).toEqual({ on: true, locked: null });
    });

    it("is not even tried once the program is gone, and names it again after a move", async () => {
      const before = await program("old place");
      await switchOf(before).set(true);
      await rename(join(folder, "old place"), join(folder, "new 100% place"));
      await expect(run("gio", ["launch", file()])).rejects.toThrow(/Unable to load|No such file|not found/i);
      const after = join(folder, "new 100% place", "pilot-light");
      await switchOf(after).repair();
      expect(await run("desktop-file-validate", [file()])).toEqual({ stdout: "", stderr: "" });
      expect(await start()).toEqual([after, "--hidden"]);
    });
  },
);
