/** Writes lines as fast as it can. argv: STATE_DIR NAME COUNT */
import { createLog } from "../log/log.ts";
import { createFileSink } from "../log/log-file.ts";

const [stateDir = "", name = "", count = "0"] = process.argv.slice(2);
// Big enough that what all of them write fits into the log and its three predecessors.
const sinks = [createFileSink(stateDir, { maxBytes: 100_000 })];
const log = createLog({ sinks, clock: { now: () => Date.now() }, level: () => "info", service: name });
for (let n = 0; n < Number(count); n += 1) log.info(`${name} ${n}`, { text: "words ".repeat(n % 12) });
