/** The judge: what the server knows to be true against what stands on disk and what is shown. Pure; it names no token. */

/** What the server knows of one login. */
export interface Truth {
  /** As the product calls it: `anthropic`, or `anthropic/RECORD`. */
  readonly id: string;
  /** Its refresh tokens that were ever sent, and at the end the one that is good now. */
  readonly chain: readonly { readonly token: string; readonly sent: number }[];
  /** A token was reused, and with it the whole family ended. */
  readonly revoked: boolean;
}

/** What stands on disk at one moment. */
export interface Disk {
  /** The credential file; null = none can be read. */
  readonly text: string | null;
  /** Its permission bits. */
  readonly mode: number | null;
  /** What else stands in its folder. */
  readonly beside: readonly string[];
  /** All files of the state dir with their text, by their path from there. */
  readonly state: ReadonlyMap<string, string>;
  /** Entries of the state dir, itself included, that others may reach: their paths. */
  readonly open: readonly string[];
}

/** What the product shows of one login. */
export interface Shown {
  readonly state: string;
  readonly exit: number | null;
}

/** Where the generation that is good now can be found. */
export type Where = "in the file" | "kept" | "nowhere";

export function newestOf({ chain }: Truth): string {
  return chain.at(-1)?.token ?? "";
}

export function whereIs(truth: Truth, disk: Disk): Where {
  const newest = newestOf(truth);
  if (disk.text?.includes(`"${newest}"`) === true) return "in the file";
  return [...disk.state.values()].some((text) => text.includes(newest)) ? "kept" : "nowhere";
}

const TOKEN = /sk-ant-o[ar]t01-planted-[\w-]+/g;
const NUMBER = /("(?:expires|updatedAt)"\s*:\s*)\d+/g;

/** The text without what a refresh may change. */
function masked(text: string): string {
  return text.replace(TOKEN, "T").replace(NUMBER, "$1N");
}

/**
 * @param before the credential file as it was: a refresh changes tokens and times of the logins that are due, not a byte else
 * @param untouched texts in it that must stand there to the byte: the entries of others
 * @returns what is wrong with the file, one line each
 */
export function fileWrongs(before: string, untouched: readonly string[], { text, mode }: Disk): readonly string[] {
  if (text === null) return ["the credential file is gone"];
  const wrong: string[] = [];
  if (!isJson(text)) wrong.push(`the credential file is no whole JSON (${text.length} bytes)`);
  else if (masked(text) !== masked(before)) wrong.push("the credential file changed where no refresh changes it");
  if (untouched.some((part) => !text.includes(part))) wrong.push("an entry that was not due changed");
  if (mode !== 0o600) wrong.push(`the credential file has mode ${mode?.toString(8) ?? "none"}`);
  return wrong;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const STRAY = /\.tmp$|\.old-|\.lock(\/|$)/;
/** Written without the lock, so who finds one cannot know whether its writer died: it goes after an hour (e2e/leftovers). */
const GOES_LATER = /(^|\/)(status\.json|pings\.json|key|journal\.key)\.\w+\.tmp$/;
/** What only a keeper makes, and the next keeper clears away. */
const KEEPERS = /\/\.?keeper\.lock[^/]*\/(owner\.json)?$/;

/**
 * @param keeperDied a keeper was killed, and no other has run since: what only a keeper makes waits for the next one
 * @returns what was left behind: locks and temp files, beside the credential file or in the state dir
 */
export function leftWrongs({ beside, state, open }: Disk, keeperDied = false): readonly string[] {
  const stray = [...state.keys()].filter(
    (path) => STRAY.test(path) && !GOES_LATER.test(path) && !(keeperDied && KEEPERS.test(path)),
  );
  return [
    ...beside.map((name) => `left beside the credential file: ${nameless(name)}`),
    ...stray.map((path) => `left in the state dir: ${nameless(path)}`),
    ...open.map((path) => `others may reach ${nameless(path)} in the state dir`),
  ];
}

/** A path without fingerprints and random parts, so that equal findings are equal lines. */
export function nameless(path: string): string {
  return path.replace(/[0-9a-z]{16,}/g, "*").replace(/pilot-light-home-\w+/g, "HOME");
}

/**
 * @param allowed how often each token of the chain may have been sent: once, and once more for each deliberate attempt
 * @returns each token that was sent too often
 */
export function sentWrongs({ id, chain }: Truth, allowed: (token: string) => number): readonly string[] {
  return chain.flatMap(({ token, sent }, at) =>
    sent <= allowed(token) ? [] : [`generation ${at + 1} of ${id} was sent ${sent} times, allowed ${allowed(token)}`],
  );
}

/**
 * The answer is the first thing that is written once it is there.
 * @param changed how many other changes the program made on disk after the answer had come
 */
export function unkeptWrongs(truth: Truth, disk: Disk, changed: number): readonly string[] {
  if (whereIs(truth, disk) !== "nowhere" || changed === 0) return [];
  return [`${changed} other changes were made on disk after the answer had come, and it was not kept`];
}

/** States that say plainly that this login does not work, or may not. */
const SHOWN_AS_LOST = new Map([
  ["signIn", [1]],
  ["outcomeUnknown", [3]],
]);

/** @returns what is wrong about how a login is shown, now that the restart had its pass. */
export function shownWrongs(truth: Truth, disk: Disk, { state, exit }: Shown): readonly string[] {
  const where = whereIs(truth, disk);
  const told = `${truth.id}: its generation is ${where}, shown as ${state}, exit ${exit ?? "by a signal"}`;
  if (where === "in the file" && !truth.revoked) return state === "healthy" && exit === 0 ? [] : [told];
  // A worse login may decide the exit code: 1 goes before 3.
  const exits = SHOWN_AS_LOST.get(state) ?? [];
  const honest = exits.some((code) => code === exit || (exit === 1 && code === 3));
  return honest && where !== "kept" ? [] : [told];
}
