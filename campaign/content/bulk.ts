/** Many files against the two functions of the product, with another reader as the judge. */
import { type Chance, chanceOf } from "../frame.ts";
import { generate, generateBig } from "./generate.ts";
import { flipped, mutate } from "./mutate.ts";
import { type SeenLogin, type Verdict, verdictOn } from "./oracle.ts";
import type { Login, Product } from "./product.ts";

export interface Sample {
  readonly bytes: Buffer;
  /** How it was made, in words. */
  readonly what: string;
  readonly chance: Chance;
}

/** One file of the campaign with this seed. */
export function sampleOf(seed: number, round: number): Sample {
  const chance = chanceOf(seed).fork(round);
  const big = round % 2_000 === 1_999;
  const text = big ? generateBig(chance) : generate(chance);
  return { ...mutate(Buffer.from(text), chance), chance };
}

/** Every truncation of one good file, and every bit of it flipped. */
export function* spoiled(seed: number, round: number): Generator<Sample> {
  const chance = chanceOf(seed).fork(-1 - round);
  const bytes = Buffer.from(generate(chance)).subarray(0, 3_000);
  for (let end = 0; end < bytes.length; end += 1) yield { bytes: bytes.subarray(0, end), what: "truncated", chance };
  for (let bit = 0; bit < bytes.length * 8; bit += 1)
    yield { bytes: flipped(bytes, bit), what: "a bit flipped", chance };
}

/** New tokens are texts, whatever a server takes for one. */
const NEW_TOKENS = [
  "planted-new",
  'quote " and \\',
  "line\nend",
  "é🔑",
  "\ud800",
  "",
  "</script>",
  "x".repeat(20_000),
  "\u0000",
];
/** CPU time, so that a busy machine counts for nothing; far more than a file of some MiB takes. */
const LONGEST_CPU_MS = 5_000;

/** @returns what is wrong with the way in which the product reads and changes this file, or null. */
export function wrongWith({ bytes, chance }: Sample, product: Product): string | null {
  const before = process.cpuUsage();
  try {
    const verdict = verdictOn(bytes);
    return readWrong(bytes, verdict, product) ?? writeWrong(bytes, verdict, product, chance) ?? timeWrong(before);
  } catch (error) {
    return `it threw ${error instanceof Error ? error.name : "something"}`;
  }
}

function timeWrong(before: NodeJS.CpuUsage): string | null {
  const { user, system } = process.cpuUsage(before);
  const ms = Math.round((user + system) / 1000);
  return ms > LONGEST_CPU_MS ? `it took ${ms} ms of the processor` : null;
}

const listed = (logins: readonly Login[]): string =>
  logins
    .map(({ id, access, refresh, expires }) => JSON.stringify([id, access, refresh, expires]))
    .sort()
    .join();

function readWrong(bytes: Buffer, verdict: Verdict, product: Product): string | null {
  const reading = product.read(bytes);
  if (verdict.kind === "refuse") return reading.kind === "refused" ? null : `it was understood though ${verdict.why}`;
  if (reading.kind === "refused")
    return verdict.doubtful ? null : `it was refused: ${reading.sentence.replace(/“.*”/, "“…”")}`;
  if (reading.format !== verdict.format) return `it was taken for ${reading.format}`;
  if (listed(reading.logins) !== listed(verdict.logins)) return "its logins were read otherwise";
  return reading.setAside.toSorted().join("\n") === verdict.setAside.toSorted().join("\n")
    ? null
    : "other entries were set aside";
}

function writeWrong(bytes: Buffer, verdict: Verdict, product: Product, chance: Chance): string | null {
  const updatedAt = chance.whole(1, 2 ** 31) * 1_000;
  const pair = (): Omit<Login, "id"> => ({
    access: chance.pick(NEW_TOKENS),
    refresh: chance.pick(NEW_TOKENS),
    expires: chance.pick([1, updatedAt, 9_007_199_254_740_991]),
  });
  if (verdict.kind === "refuse") {
    const written = product.write(bytes, [{ id: "anthropic", ...pair() }], updatedAt);
    return written === null ? null : `it was written though ${verdict.why}`;
  }
  const changed = verdict.logins.filter(() => chance.whole(0, 2) > 0).slice(0, 3);
  if (product.write(bytes, [{ id: "nobody at all", ...pair() }], updatedAt) !== null)
    return "a login that is not there was written";
  if (changed.length === 0) return null;
  const wanted = changed.map(({ id }) => ({ id, ...pair() }));
  const text = product.write(bytes, wanted, updatedAt);
  if (text === null) return verdict.doubtful ? null : "a good file could not be changed";
  return changeWrong(verdict, Buffer.from(text), wanted, changed);
}

/** @returns how the file differs from the old one with these pairs, or null. */
export function changeWrong(
  before: Extract<Verdict, { kind: "understand" }>,
  bytes: Buffer,
  wanted: readonly Login[],
  changed: readonly SeenLogin[],
): string | null {
  const after = verdictOn(bytes);
  if (after.kind === "refuse") return `what was written cannot be read: ${after.why}`;
  const named = new Map(wanted.map((login) => [login.id, login]));
  const expected = before.logins.map((login) => named.get(login.id) ?? login);
  if (listed(after.logins) !== listed(expected)) return "other values were written than were meant";
  const ids = new Set(changed.map(({ id }) => id));
  const touched = after.logins.filter(({ id }) => ids.has(id));
  return without(before.text, changed) === without(after.text, touched) ? null : "a byte beside the values was changed";
}

/** The text less what a refresh of these logins may change. */
function without(text: string, logins: readonly SeenLogin[]): string {
  const spans = logins.flatMap((login) => login.spans).sort((a, b) => b.start - a.start);
  return spans.reduce((rest, { start, end }) => `${rest.slice(0, start)}\u0000${rest.slice(end)}`, text);
}
