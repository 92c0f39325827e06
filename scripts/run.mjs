// @ts-check
/** How the scripts start other programs: each command is printed before it runs. */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * The entry of a tool in node_modules, to be started with this very Node: no shell, no shebang, the same on Windows.
 * @type {Readonly<Record<"vite" | "vitest" | "tsc" | "oxlint" | "biome", string>>}
 */
const TOOLS = {
  vite: "vite/bin/vite.js",
  vitest: "vitest/vitest.mjs",
  tsc: "typescript/bin/tsc",
  oxlint: "oxlint/bin/oxlint",
  biome: "@biomejs/biome/bin/biome",
};

/**
 * @typedef Runner
 * @property {(text: string) => void} say one line for the person who watches
 * @property {(tool: keyof typeof TOOLS, args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<number>} tool
 *   runs a tool of node_modules; its exit code, 128 when a signal ended it
 * @property {(args: readonly string[]) => Promise<number>} npm runs npm; its exit code
 */

/**
 * @param {1 | 2} fd where commands and all their output go: 2 when stdout belongs to the program that is started at last
 * @returns {Runner}
 */
export function runner(fd) {
  const stream = fd === 1 ? process.stdout : process.stderr;
  const say = (/** @type {string} */ text) => void stream.write(`${text}\n`);
  return {
    say,
    tool(tool, args, env = process.env) {
      say(`$ ${[tool, ...args].join(" ")}`);
      return exitOf(process.execPath, [join(root, "node_modules", TOOLS[tool]), ...args], env, fd);
    },
    npm(args) {
      say(`$ npm ${args.join(" ")}`);
      const [file, ...first] = npmCommand();
      return exitOf(
        file,
        [...first, ...args],
        npmEnvironment(),
        fd,
        process.platform === "win32" && first.length === 0,
      );
    },
  };
}

/**
 * Under `npm run`, the npm that is running; else the one on the path (on Windows a command file: it needs a shell).
 * @returns {[string, ...string[]]}
 */
function npmCommand() {
  const cli = process.env["npm_execpath"];
  return cli?.endsWith("npm-cli.js") ? [process.execPath, cli] : ["npm"];
}

/** @returns {NodeJS.ProcessEnv} npm without its asides, whatever the npm around us was told (`--silent`) */
function npmEnvironment() {
  return {
    ...process.env,
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_loglevel: "error",
    npm_config_update_notifier: "false",
  };
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {1 | 2} fd
 * @param {boolean} [shell]
 * @returns {Promise<number>}
 */
function exitOf(file, args, env, fd, shell = false) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, env, shell, stdio: ["ignore", fd, fd] });
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 128));
  });
}
