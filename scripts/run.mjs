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
 * @typedef ToolOptions
 * @property {NodeJS.ProcessEnv} [env] added to ours
 * @property {number} [limitMinutes] after so long the tool and all that it started are killed
 *
 * @typedef Runner
 * @property {(text: string) => void} say one line for the person who watches
 * @property {(tool: keyof typeof TOOLS, args: readonly string[], options?: ToolOptions) => Promise<number>} tool
 *   runs a tool of node_modules; its exit code, 128 when a signal ended it
 * @property {(args: readonly string[], words?: string) => Promise<number>} npm runs npm; its exit code. `words` are said instead
 *   of the command, and npm itself says nothing then
 * @property {(file: string, args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<number>} program
 *   runs any program of the system, with `env` added to ours; its exit code, 127 when it cannot be started
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
    async tool(tool, args, { env = {}, limitMinutes } = {}) {
      say(`$ ${[tool, ...args].join(" ")}`);
      const child = start(process.execPath, [join(root, "node_modules", TOOLS[tool]), ...args], {
        env: { ...process.env, ...env },
        stdio: ["ignore", fd, fd],
        detached: limitMinutes !== undefined && process.platform !== "win32",
      });
      const stopWatching = limitMinutes === undefined ? () => undefined : watch(child, limitMinutes, say);
      return exitOf(child).finally(stopWatching);
    },
    npm(args, words) {
      say(words ?? `$ npm ${args.join(" ")}`);
      const [file, ...first] = npmCommand();
      const shell = process.platform === "win32" && first.length === 0;
      /** @type {import("node:child_process").StdioOptions} */
      const stdio = words === undefined ? ["ignore", fd, fd] : "ignore";
      return exitOf(start(file, [...first, ...args], { env: npmEnvironment(), stdio, shell }));
    },
    program(file, args, env = {}) {
      say(`$ ${[file, ...args].join(" ")}`);
      const child = start(file, args, { env: { ...process.env, ...env }, stdio: ["ignore", fd, fd] });
      return exitOf(child).catch(() => 127);
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
 * @param {import("node:child_process").SpawnOptions} options
 */
function start(file, args, options) {
  return spawn(file, args, { cwd: root, ...options });
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<number>}
 */
function exitOf(child) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 128));
  });
}

/**
 * Ends the whole group of `child`, a worker in an endless loop included: at its time limit, and when we are told to stop.
 * @param {import("node:child_process").ChildProcess} child leader of its own group
 * @param {number} minutes
 * @param {(text: string) => void} say
 * @returns {() => void} stops watching
 */
function watch(child, minutes, say) {
  const kill = (/** @type {NodeJS.Signals} */ signal) => {
    if (child.pid === undefined) return;
    try {
      process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
    } catch {
      // It is gone already.
    }
  };
  const limit = setTimeout(() => {
    say(`It took more than ${minutes} minutes and is stopped.`);
    kill("SIGKILL");
  }, minutes * 60_000);
  const stop = () => {
    kill("SIGKILL");
    process.exit(130);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  return () => {
    clearTimeout(limit);
    process.off("SIGINT", stop).off("SIGTERM", stop);
  };
}
