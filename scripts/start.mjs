// @ts-check
/** `npm start -- FLAGS`: installs and builds what is missing, then runs the keeper in the foreground. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { buildIfStale, commandLine } from "./build.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { runner } from "./run.mjs";

// stdout belongs to the keeper.
const run = runner(2);
if (!(await ensureDependencies(run)) || !(await buildIfStale(run))) process.exit(1);

const args = ["run", ...process.argv.slice(2)];
run.say(`$ pilot-light ${args.join(" ")}`);
const child = spawn(process.execPath, [commandLine, ...args], { stdio: "inherit" });

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
    // What a terminal sends reaches the whole group by itself; and npm repeats what the group already got.
    if (signal === "SIGTERM" || !atTerminal) passOn(signal);
  });
}

// A SIGTERM to npm ends the shell between npm and us, and reaches nobody else: the keeper would go on, unseen.
if (process.env["npm_lifecycle_event"] === "start") {
  const shell = process.ppid;
  const look = setInterval(() => process.ppid !== shell && passOn("SIGTERM"), 250);
  child.once("close", () => clearInterval(look));
}

child.once("error", (error) => {
  run.say(`The keeper could not be started: ${error.message}`);
  process.exitCode = 1;
});
child.once("close", (code, signal) => {
  process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
});
