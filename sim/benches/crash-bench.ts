/** One refresh, ended by a crash before any single operation, and what a new process makes of it. */
import { tryParse } from "../world/opencode.ts";
import { AUTH, READS, simFingerprint } from "../world/process.ts";
import { HOUR, JOURNAL, MINUTE, startTrace, type Trace, type TraceKeeper } from "./trace-bench.ts";

const FOLDER = "/home/me/share/opencode";
const SEED = 3;

/** A keeper that refreshes a due login beside an entry that nobody understands; the answer takes 5 s and more. */
function begin(): { readonly trace: Trace; readonly keeper: TraceKeeper } {
  const trace = startTrace(SEED);
  const { disk, checks, server } = trace.world;
  const text = `{\n  "odd":  {"type": "futuristic", "n": 1.50e1},\n  "anthropic": ${JSON.stringify({ type: "oauth", ...trace.first, expires: 0 })}\n}\n`;
  checks.foreign.push(tryParse(text) ?? {});
  disk.writeInPlace(AUTH, text);
  disk.settle();
  server.mode = "late";
  return { trace, keeper: trace.keeper() };
}

const acted = ({ world, first }: Trace): boolean => world.server.tokens.get(first.refresh)?.spent === true;
const told = ({ world }: Trace): boolean => world.server.sendings[0]?.told === "success";
const isRefreshed = (trace: Trace): boolean => acted(trace) && trace.at()?.refresh === trace.world.server.live("login");

export interface Points {
  /** The crash comes before the operation with this number; `after` is the change before it. */
  readonly points: readonly Point[];
  readonly changes: readonly string[];
}

interface Point {
  readonly index: number;
  readonly after: string;
  /** The successor was synced before it: from here on it must survive everything. */
  readonly journaled: boolean;
}

/**
 * The operations before which a crash makes a difference: one for each state of disk and server. A crash before a read
 * leaves what a crash before the next change leaves, unless the server acted or answered meanwhile.
 */
export async function operations(): Promise<Points> {
  const { trace } = begin();
  const points: Point[] = [];
  const changes: string[] = [];
  let index = 0;
  let last = "";
  trace.world.disk.setGate((op, path) => {
    index += 1;
    const state = [changes.length, trace.sent().length, acted(trace), told(trace)].join();
    const synced = changes.filter((change) => change.startsWith("sync ") && change.endsWith(".1.intent")).length;
    if (state !== last) points.push({ index, after: changes.at(-1) ?? "the start", journaled: synced >= 2 });
    last = state;
    if (!READS.has(op)) changes.push(`${op} ${path.split("/").at(-1) ?? ""}`);
  });
  await trace.until("it is refreshed", () => isRefreshed(trace), MINUTE);
  await trace.until("the pass is over", () => trace.world.disk.listNow(FOLDER).length === 1, MINUTE);
  await trace.run(1_000);
  return { points, changes };
}

/** Runs until the operation `index`, before which `crash` happens; nothing of that process happens after it. */
async function crashBefore(index: number, crash: (trace: Trace) => void): Promise<Trace> {
  const { trace, keeper } = begin();
  let at = 0;
  let crashed = false;
  trace.world.disk.setGate(() => {
    at += 1;
    if (at !== index) return undefined;
    crashed = true;
    trace.kill(keeper);
    crash(trace);
    return new Promise<never>(() => undefined);
  });
  await trace.until(`operation ${index}`, () => crashed, 2 * MINUTE);
  trace.world.disk.setGate(null);
  return trace;
}

/** Is the successor on disk, as far as a reader can tell? */
function saved(trace: Trace): boolean {
  const name = `${simFingerprint.of(trace.first.refresh)}.1.intent`;
  const text = trace.journal().includes(name) ? (trace.world.disk.readText(`${JOURNAL}/${name}`) ?? "") : "";
  const live = trace.world.server.live("login") ?? "none";
  return trace.text().includes(live) || (text.includes(live) && text.indexOf("\n", 4096) > 0);
}

/** A new keeper after the crash: nothing may be lost, and nothing sent that was not to be sent. @returns what is wrong. */
async function recovers(trace: Trace, journaled: boolean): Promise<readonly string[]> {
  const wrong: string[] = [];
  const { server, checks } = trace.world;
  // What the server was told is acted on all the same; the answer reaches nobody.
  if (trace.sent().length > 0) await trace.run(30_000);
  const hasActed = acted(trace);
  const safe = hasActed && saved(trace);
  if (journaled && !safe) wrong.push("the successor had been synced, and is gone");
  server.mode = "well";
  trace.keeper();
  if (hasActed && !safe) {
    // The answer died with the process: one careful attempt tells that the login has ended.
    await trace.until("the end is known", () => trace.note(trace.first.refresh)["ended"] !== undefined, HOUR);
    await trace.run(MINUTE);
    if (trace.sent().length !== 2) wrong.push(`${trace.sent().length} requests`);
    if ((await trace.login()).state !== "signIn") wrong.push("the end is not shown");
  } else {
    await trace
      .until("it is refreshed", () => isRefreshed(trace), HOUR)
      .catch((error: unknown) => {
        wrong.push(String(error));
      });
    await trace.run(MINUTE);
    if (trace.sent().length !== 1) wrong.push(`${trace.sent().length} requests`);
    if ((await trace.login()).state !== "healthy") wrong.push("it is not healthy");
    if (!trace.kept(trace.at()?.refresh ?? "")) wrong.push("no safe copy");
  }
  if (!trace.text().includes('"odd":  {"type": "futuristic", "n": 1.50e1}')) wrong.push("another entry was touched");
  return [...wrong, ...trace.leaks(), ...checks.failures];
}

/** Goes on to the next refresh, which removes what the crash left behind. @returns what is wrong. */
export async function goesOn(trace: Trace): Promise<readonly string[]> {
  const before = trace.at();
  if (before?.refresh !== trace.world.server.live("login")) return [];
  trace.expire();
  await trace.until("the next refresh", () => trace.at()?.refresh !== before?.refresh, 5 * MINUTE);
  await trace.run(5_000);
  // An empty lock that was put aside is swept only after it was silent for long, over several looks.
  const left = trace.world.disk.listNow(FOLDER).filter((name) => name !== "auth.json" && !name.includes(".lock.old-"));
  return [...left.map((name) => `${name} was left behind`), ...trace.world.checks.failures];
}

/** @returns what went wrong with a crash before each of the operations. */
export async function crashes(
  crash: (trace: Trace, index: number) => void,
  more: (trace: Trace) => Promise<readonly string[]> = async () => [],
): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const { index, after, journaled } of (await operations()).points) {
    const trace = await crashBefore(index, (crashed) => crash(crashed, index));
    for (const what of [...(await recovers(trace, journaled)), ...(await more(trace))])
      broken.push(`crash before ${index} (after "${after}"): ${what}`);
  }
  return broken;
}
