/** Says what becomes of other programs where this process may open nothing more. */
import { execFileSync } from "node:child_process";
import { createClock } from "../clock.ts";
import { listenToLogind } from "../process/logind.ts";
import { createPower } from "../process/power.ts";
import { runProgram } from "../process/programs.ts";

execFileSync("prlimit", ["--pid", String(process.pid), "--nofile=1"]);
const clock = createClock();
const logged: unknown[] = [];
const note = (_msg: string, fields: unknown) => void logged.push(fields);
const { env } = process;

const result = await runProgram("true", [], { timeoutMs: 20_000 });
const log = { debug: note, info: note };
const release = await createPower({ leaving: () => false, platform: "linux", env, clock, log }).hold();
release();
const stop = listenToLogind({ env, clock, log, onWord: () => undefined });
stop();
process.stdout.write(`${JSON.stringify({ result, logged })}\n`);
