// @ts-check
/** `npm start -- FLAGS`: installs and builds what is missing, then opens the app; without a display it runs the keeper. */
import { execFile, spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { buildIfStale, commandLine } from "../build.mjs";
import { findElectron } from "../electron/electron.mjs";
import { root, runner } from "../run.mjs";
import { ensureDependencies } from "../setup/dependencies.mjs";
import { ensureSystem } from "../setup/system.mjs";
import { forgottenDashes, keeperWords, planStart, START_HELP, withoutApp } from "./plan.mjs";

// Before anything takes time: it must be the shell that npm started, not who takes care of orphans.
const shell = process.ppid;
// stdout belongs to the keeper.
const run = runner(2);
const forgotten = forgottenDashes(process.env);
if (forgotten !== null) {
  run.say(forgotten);
  process.exit(2);
}
if (!(await ensureDependencies(run)) || !(await buildIfStale(run))) process.exit(1);

const flags = process.argv.slice(2);
if (flags.includes("--help") || flags.includes("-h")) process.stdout.write(`${START_HELP}\n`);
const plan = planStart(flags, process);
const ownGroup = process.platform !== "win32";
const app = plan.what === "app" ? await openApp() : null;
const child = app ?? runKeeper(plan.why);

/** @returns {Promise<import("node:child_process").ChildProcess | null>} null, and one line, when it cannot open */
async function openApp() {
  const missing = await ensureSystem(run, "run");
  const electron = await findElectron(run);
  const obstacle = electron.path === null ? "no Electron was found" : await sandboxObstacle(electron.path);
  if (electron.path === null || obstacle !== null) {
    run.say(withoutApp(obstacle ?? "no Electron was found"));
    return null;
  }
  const env = { ...process.env };
  if (process.platform === "linux" && process.getuid?.() === 0) {
    run.say("You are root: Chromium's sandbox is off. For daily use start Pilot Light as an ordinary user.");
    env["ELECTRON_DISABLE_SANDBOX"] = "1";
  }
  // Left over from an editor's terminal, it would make a plain Node of Electron.
  delete env["ELECTRON_RUN_AS_NODE"];
  if (missing.length > 0) run.say("It is tried all the same.");
  run.say(`$ electron ${[".", ...flags].join(" ")}`);
  // A group of its own: a signal for the whole group would end Chromium's helpers under the app, and it has an answer to keep.
  return spawn(electron.path, [root, ...flags], { stdio: "inherit", env, detached: ownGroup });
}

/**
 * @param {string | null} why
 * @returns {import("node:child_process").ChildProcess}
 */
function runKeeper(why) {
  if (why !== null) run.say(why);
  const words = keeperWords(flags);
  run.say(`$ pilot-light ${words.join(" ")}`);
  return spawn(process.execPath, [commandLine, ...words], { stdio: "inherit" });
}

/**
 * Where Chromium cannot build its sandbox it ends at once, and with pages of words.
 * @param {string} electron
 * @returns {Promise<string | null>}
 */
async function sandboxObstacle(electron) {
  if (process.platform !== "linux" || process.getuid?.() === 0) return null;
  const helper = await stat(join(dirname(electron), "chrome-sandbox")).catch(() => null);
  if (helper !== null && helper.uid === 0 && (helper.mode & 0o4000) !== 0) return null;
  try {
    await promisify(execFile)("unshare", ["--user", "--map-root-user", "true"]);
    return null;
  } catch (error) {
    const unknown = error instanceof Error && "code" in error && error.code === "ENOENT";
    return unknown ? null : "this system lets ordinary users make no user namespaces, which Chromium's sandbox needs";
  }
}

const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
/** @type {Set<NodeJS.Signals>} */
const passedOn = new Set();
/** @param {NodeJS.Signals} signal */
function passOn(signal) {
  if (passedOn.has(signal)) return;
  passedOn.add(signal);
  child.kill(signal);
}
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => {
    // What a terminal sends reaches the whole group by itself, which the app is not in; and npm repeats what the group got.
    if (signal === "SIGTERM" || !atTerminal || (app !== null && ownGroup)) passOn(signal);
  });
}

// A SIGTERM to npm ends the shell between npm and us, and reaches nobody else: the keeper would go on, unseen.
if (process.env["npm_lifecycle_event"] === "start") {
  const look = setInterval(() => process.ppid !== shell && passOn("SIGTERM"), 250);
  child.once("close", () => clearInterval(look));
}

child.once("error", (error) => {
  run.say(`${app === null ? "The keeper" : "Pilot Light"} could not be started: ${error.message}`);
  process.exitCode = 1;
});
child.once("close", (code, signal) => {
  process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
});
