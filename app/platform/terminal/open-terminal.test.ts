import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SOON, standIns } from "../testing/programs.ts";
import { createTerminals } from "./open-terminal.ts";

const COMMAND = "sign-me-in now";

/** A desktop whose terminal runs its command at once and writes down what it shows; nothing is typed into it. */
async function desktop(terminal = 'echo "argv $*" >>"$RECORD"; shift; "$@" >>"$RECORD" 2>&1 </dev/null') {
  const made = await standIns();
  await made.install("x-terminal-emulator", terminal);
  const env = { PATH: `${made.bin}:/usr/bin:/bin`, RECORD: made.record, SHELL: "/bin/sh", HOME: made.bin };
  return { ...made, env, terminals: createTerminals("linux", env) };
}

const leftovers = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("pilot-light-sign-in-"));

describe("a terminal for a sign-in", { timeout: SOON.timeout }, () => {
  it("runs the command, says what came of it, and removes its script", async () => {
    const { install, lines, terminals } = await desktop();
    await install("sign-me-in", 'echo "signed in: $*"');
    expect(terminals.find()).toBe("x-terminal-emulator");
    await terminals.run(COMMAND);
    await expect.poll(lines, SOON).toContain("You can close this window.");
    const [argv = "", ...shown] = await lines();
    expect(argv).toMatch(/^argv -e \/bin\/sh \S+sign-in\.command$/);
    expect(shown).toEqual([
      "$ sign-me-in now",
      "",
      "signed in: now",
      "",
      "The command has finished. A new login appears in Pilot Light by itself.",
      "You can close this window.",
    ]);
    expect(existsSync(argv.split(" ").at(-1) ?? "")).toBe(false);
  });

  it("asks the login shell where the PATH of the app lacks the program", async () => {
    const { bin, env, install, lines, terminals } = await desktop();
    const hidden = await standIns();
    await hidden.install("sign-me-in", 'echo "found by the shell"');
    await install("own-shell", `[ "$1" = -lic ] || exit 0; PATH="$PATH:${hidden.bin}" exec /bin/sh -c "$2"`);
    const own = createTerminals("linux", { ...env, SHELL: join(bin, "own-shell") });
    await own.run(COMMAND);
    await expect.poll(lines, SOON).toContain("You can close this window.");
    expect(await lines()).toContain("found by the shell");
    expect(terminals.find()).not.toBeNull();
  });

  it.skipIf(!existsSync("/bin/bash") || !existsSync("/usr/bin/script"))(
    "gets the terminal back from that shell, for the one that stays open",
    async () => {
      const onTerminal = `shift; echo exit | script --quiet --return --command "$*" /dev/null >>"$RECORD" 2>&1`;
      const { bin, env, lines } = await desktop(onTerminal);
      const hidden = await standIns();
      await hidden.install("sign-me-in", 'echo "found by the shell"');
      await writeFile(join(bin, ".bash_profile"), `PATH="$PATH:${hidden.bin}"`);
      await createTerminals("linux", { ...env, SHELL: "/bin/bash" }).run(COMMAND);
      await expect.poll(async () => (await lines()).join("\n"), SOON).toMatch(/You can close this window\.[^]*exit/);
      expect((await lines()).join("\n")).toContain("found by the shell");
      expect((await lines()).join("\n")).not.toContain("job control");
    },
  );

  it("says plainly that the program is nowhere", async () => {
    const { lines, terminals } = await desktop();
    await terminals.run(COMMAND);
    await expect.poll(lines, SOON).toContain("You can close this window.");
    expect((await lines()).join("\n")).toContain('"sign-me-in" was not found: it is neither on the PATH');
  });

  it("tells with which code the command ended", async () => {
    const { install, lines, terminals } = await desktop();
    await install("sign-me-in", "exit 7");
    await terminals.run(COMMAND);
    await expect.poll(lines, SOON).toContain("The command ended with code 7.");
  });

  it("says in one sentence how it is done without, where the terminal cannot be opened", async () => {
    const before = await leftovers();
    const { terminals } = await desktop("exit 1");
    await expect(terminals.run(COMMAND)).rejects.toThrow(
      `x-terminal-emulator could not be opened. Copy the command and run it in a terminal: ${COMMAND}`,
    );
    expect(await leftovers()).toEqual(before);
  });

  it("finds none where there is none, and in a folder that is not absolute", async () => {
    const { env } = await desktop();
    for (const PATH of ["", ".", "bin"]) {
      const none = createTerminals("linux", { ...env, PATH });
      expect(none.find()).toBeNull();
      await expect(none.run(COMMAND)).rejects.toThrow("No terminal was found.");
    }
  });

  it.each(["a; b", "$(id)", "a\nb", "`a`", "a 'b'", "", "a & b", "a > b"])(
    "opens nothing for what is no plain command: %j",
    async (command) => {
      const { lines, terminals } = await desktop();
      await expect(terminals.run(command)).rejects.toThrow("Copy the command");
      expect(await lines()).toEqual([]);
    },
  );
});
