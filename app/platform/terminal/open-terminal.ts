/** Opens the user's terminal with a command in it. */
import { accessSync, constants, lstatSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { UserError } from "../../shared/data/errors.ts";
import { terminalNotOpened } from "../../shared/words/window/terminal.ts";
import { type Environment, startsWell } from "../process/programs.ts";
import { scriptFor } from "./script.ts";
import { terminalOf } from "./terminals.ts";

export interface Terminals {
  /** @returns the name of the terminal that there is now; null = none. */
  find(): string | null;
  /**
   * Opens it with this command, which lives on without us; it stays open at the end.
   * @throws UserError where that could not be done.
   */
  run(command: string): Promise<void>;
}

/** One that fails says so at once; the others are still there after this. */
const SETTLED_MS = 1_000;

/** @param env passed on as it is. */
export function createTerminals(platform: NodeJS.Platform, env: Environment): Terminals {
  const find = () => terminalOf({ platform, env, which: (name) => which(name, platform, env) });
  return {
    find: () => find()?.name ?? null,
    async run(command) {
      const terminal = find();
      const script = scriptFor(command, platform);
      if (terminal === null || script === null) throw notOpened(null, command);
      const [file, ...first] = terminal.argv;
      // For this user alone. It holds nothing but the command.
      const folder = await mkdtemp(join(tmpdir(), "pilot-light-sign-in-")).catch(() => null);
      if (folder === null) throw notOpened(terminal.name, command);
      const path = join(folder, script.fileName);
      try {
        await writeFile(path, script.text, { mode: 0o700 });
        if (await startsWell(file, [...first, path], { env, withinMs: SETTLED_MS })) return;
      } catch {
        // No room for it: the same for a person.
      }
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      throw notOpened(terminal.name, command);
    },
  };
}

function notOpened(name: string | null, command: string): UserError {
  return new UserError(terminalNotOpened(name, command), 3);
}

function which(name: string, platform: NodeJS.Platform, env: Environment): string | null {
  const folders = isAbsolute(name) ? [""] : (pathOf(env) ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const paths = folders.map((folder) => (folder === "" ? name : join(folder, name)));
  return paths.find((path) => canRun(path, platform)) ?? null;
}

/** On Windows the name is written in several ways. */
function pathOf(env: Environment): string | undefined {
  return env["PATH"] ?? env["Path"];
}

function canRun(path: string, platform: NodeJS.Platform): boolean {
  try {
    // Programs of the Microsoft Store are links that only their starting follows.
    if (platform === "win32") lstatSync(path);
    else accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
