/** At which of the calls of a trace something is to happen. Pure. */
import type { Chance } from "../../frame.ts";
import { nameless } from "../verdict.ts";
import type { Call } from "./traced.ts";

/** Calls by which Node keeps house, and between threads: what fails or dies there has nothing to do with files. */
const HOUSE = /eventfd|^\d+<pipe:|eventpoll/;
const MEMORY = new Set(["mmap", "mremap", "munmap", "epoll_pwait", "epoll_ctl", "ioctl", "fcntl"]);

/** What a looking program repeats is enough this often, and then again every so manieth time. */
const REPEATS = 3;
const EVERY = 24;

const CHANGES = new Set(
  (
    "mkdir rename link symlink unlink rmdir fsync fdatasync fchmod chmod fchown utimensat ftruncate fallocate " +
    "write pwrite64 connect writev sendto"
  ).split(" "),
);

/** Does this call change something that others can see? */
export function changes({ name, text }: Call): boolean {
  return CHANGES.has(name) || (name === "openat" && text.includes("O_CREAT"));
}

/** @returns the calls of a trace that matter, without the house-keeping. */
export function mattering(calls: readonly Call[]): readonly Call[] {
  return calls.filter(({ name, text }) => !MEMORY.has(name) && !HOUSE.test(text));
}

/** @returns those of a trace that are worth a round of their own: each once, and of what comes again and again a sample. */
export function pointsOf(calls: readonly Call[]): readonly Call[] {
  const seen = new Map<string, number>();
  return mattering(calls).filter((call) => {
    const kind = `${call.name} ${nameless(call.text.replace(/[\d.]+|0x\w+/g, "#"))}`;
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return count <= REPEATS || count % EVERY === 0;
  });
}

/**
 * Each call draws its own lot by its name and place: a call more or less in another trace does not change the others' lots.
 * @returns `count` of them, the changing ones first; all of them when there are no more
 */
export function some(points: readonly Call[], count: number, chance: Chance): readonly Call[] {
  const lots = points.map((call) => ({ call, lot: (changes(call) ? 0 : 1) + lotOf(callInWords(call), chance) }));
  return lots
    .sort((one, other) => one.lot - other.lot)
    .slice(0, count)
    .map(({ call }) => call);
}

function lotOf(words: string, chance: Chance): number {
  let hash = 7;
  for (let at = 0; at < words.length; at += 1) hash = Math.imul(hash, 31) + words.charCodeAt(at);
  return chance.fork(hash).fraction();
}

/** In words, and the same in each run: `rename 3 …/auth.json`. */
export function callInWords({ name, n, text }: Pick<Call, "name" | "n" | "text">): string {
  const path = /"(\/[^"]*)"[^"]*$/.exec(text)?.[1] ?? /<(\/[^>]*)>/.exec(text)?.[1] ?? "";
  const last = path.split("/").slice(-2).join("/");
  return `${name} ${n}${last === "" ? "" : ` …/${nameless(last)}`}`;
}
