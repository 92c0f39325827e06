/** Files against the command line as it is shipped: what it says of them, and what it leaves of them. */
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type CliHome, createCliHome } from "../../e2e/support/cli.ts";
import { textOf } from "../../e2e/support/files.ts";
import { putBytes } from "../../e2e/support/scene.ts";
import type { IssuedPair } from "../../e2e/support/server/token-authority.ts";
import type { TokenServer } from "../../e2e/support/server/token-server.ts";
import { chanceOf } from "../frame.ts";
import { crashOf, look, onePass, type Pass } from "../support/pass.ts";
import { changeWrong } from "./bulk.ts";
import { generate, generateBig } from "./generate.ts";
import { mutate } from "./mutate.ts";
import { type SeenLogin, type Verdict, verdictOn } from "./oracle.ts";

export interface CommandLineCounts {
  files: number;
  refused: number;
  refreshed: number;
}

/** The most memory that a command takes for a file, KiB: a large part is the runtime. */
const MOST_KIB = 400 * 1024;
const LONGEST_MS = 120_000;

export interface Scene {
  readonly server: TokenServer;
  /** A piece that a command loads to tell the most memory that it took. */
  readonly measure: string;
  readonly counts: CommandLineCounts;
}

/** Commands that look, and change nothing. */
const LOOKS = [
  "status",
  "status",
  "accounts",
  "doctor",
  "history",
  "status --json",
  "accounts --json",
  "doctor --json",
];

/** One file in a home of its own: a look, then a pass. @returns what is wrong, and with which file */
export async function wrongInHome(scene: Scene, seed: number, round: number): Promise<string | null> {
  const { server, counts } = scene;
  const chance = chanceOf(seed).fork(round);
  const issued: IssuedPair[] = [];
  for (let login = 0; login < 6; login += 1) issued.push(await server.issue());
  let next = 0;
  const due = (): IssuedPair => {
    const pair = issued[(next += 1) % issued.length];
    if (pair === undefined) throw new Error("no login was issued");
    // One in six is good for long.
    return { ...pair, expires: next % 6 === 0 ? Date.now() + 86_400_000 : chance.pick([0, 1_700_000_000_000]) };
  };
  const text = round % 50 === 49 ? generateBig(chance) : generate(chance, due);
  const { bytes, what } = mutate(Buffer.from(text), chance);
  const verdict = verdictOn(bytes);
  const env = { NODE_OPTIONS: `--require=${scene.measure}` };
  const home = await createCliHome({ tokenUrl: server.tokenUrl, env });
  try {
    await putBytes(home, bytes);
    const words = chance.pick(LOOKS).split(" ");
    const looked = await look(home, words);
    if (!(await readFile(home.authFile)).equals(bytes)) return `${what}: ${words.join(" ")} changed the file`;
    const pass = await onePass(home);
    counts.files += 1;
    const secrets = secretsIn(bytes, issued);
    const lookWrong = await alwaysWrong(home, looked, secrets);
    const wrong =
      (lookWrong === null ? null : `${words.join(" ")}: ${lookWrong}`) ??
      (await alwaysWrong(home, pass, secrets)) ??
      saidWrong(verdict, pass) ??
      (await leftWrong(scene, home, { verdict, bytes, issued, pass }));
    return wrong === null ? null : `${what}: ${wrong}`;
  } finally {
    await home.close();
  }
}

/** Tokens that may be shown nowhere. One that slipped into a key is a name now, and names are shown. */
function secretsIn(bytes: Buffer, issued: readonly IssuedPair[]): readonly string[] {
  const keys = [...bytes.toString("latin1").matchAll(/"(?:[^"\\]|\\.)*"\s*:/g)].join();
  return issued.flatMap(({ access, refresh }) => [access, refresh]).filter((token) => !keys.includes(token));
}

async function alwaysWrong(home: CliHome, pass: Pass, secrets: readonly string[]): Promise<string | null> {
  const crash = crashOf(pass);
  if (crash !== null) return `it broke: ${crash}`;
  if (secrets.some((token) => pass.said.includes(token))) return "a token was printed";
  if (pass.ms > LONGEST_MS) return `it took ${Math.round(pass.ms / 1000)} s`;
  const peak = Number(await textOf(join(home.home, "tmp", "peak")));
  if (peak > MOST_KIB) return `it took ${peak} KiB of memory`;
  const beside = (await readdir(dirname(home.authFile))).filter((name) => name !== "auth.json");
  return beside.length === 0 ? null : "something was left beside the file";
}

/** What a pass says of the file as a whole. */
function saidWrong(verdict: Verdict, { code, shown }: Pass): string | null {
  if (shown === null) return "it printed nothing that can be read";
  if (verdict.kind === "understand" && verdict.doubtful) return null;
  const refused = shown.file.problem !== null;
  if (refused !== (verdict.kind === "refuse")) {
    return verdict.kind === "refuse" ? `it was understood though ${verdict.why}` : "it was refused";
  }
  if (refused) return code === 4 ? null : `it was refused with exit ${code}`;
  return shown.file.format === (verdict.kind === "understand" ? verdict.format : null)
    ? null
    : "another format was shown";
}

interface Left {
  readonly verdict: Verdict;
  readonly bytes: Buffer;
  readonly issued: readonly IssuedPair[];
  readonly pass: Pass;
}

/** What stands in the file after a pass, and what was sent. */
async function leftWrong({ server, counts }: Scene, home: CliHome, left: Left): Promise<string | null> {
  const { verdict, bytes, issued } = left;
  const after = await readFile(home.authFile);
  const live = new Map<string, string>();
  for (const { refresh } of issued) {
    const sent = await server.redemptions(refresh);
    if (sent > 1) return "a token was sent twice";
    const { newest } = await server.standing(refresh);
    if (sent === 1) live.set(refresh, newest ?? "");
  }
  if (verdict.kind === "refuse" || (verdict.doubtful && live.size === 0)) {
    counts.refused += 1;
    if (live.size > 0) return "a token was sent out of a file that must not be used";
    return after.equals(bytes) ? null : "a file was written that must not be";
  }
  counts.refreshed += live.size;
  const changed = verdict.logins.filter(({ refresh }) => live.has(refresh));
  if (changed.some((login) => !isOurs(verdict, login))) return "a login of another provider was sent or shares a token";
  const missed = verdict.logins.filter(
    (login) => isOurs(verdict, login) && isDue(login) && isLive(login, issued) && !live.has(login.refresh),
  );
  if (missed.length > 0) return `${missed.length} logins that are due were not refreshed`;
  const now = verdictOn(after);
  const wanted = changed.map((login) => ({
    ...login,
    refresh: live.get(login.refresh) ?? "",
    // What the server gave with it is not asked again: the file says it.
    access: found(now, login.id)?.access ?? "",
    expires: found(now, login.id)?.expires ?? 0,
  }));
  if (wanted.some(({ access, expires }, at) => access === changed[at]?.access || expires <= Date.now())) {
    return "a refreshed login was not written";
  }
  return changed.length === 0 && !after.equals(bytes)
    ? "it was written for nothing"
    : changeWrong(verdict, after, wanted, changed);
}

const found = (verdict: Verdict, id: string): SeenLogin | undefined =>
  verdict.kind === "understand" ? verdict.logins.find((login) => login.id === id) : undefined;
const isOurs = ({ format }: { readonly format: string }, { id }: SeenLogin): boolean =>
  format === "flat" ? id === "anthropic" : id.startsWith("anthropic/");
const isDue = ({ expires }: SeenLogin): boolean => expires < Date.now() + 60_000;
const isLive = ({ refresh }: SeenLogin, issued: readonly IssuedPair[]): boolean =>
  issued.some((pair) => pair.refresh === refresh);
