/** All logins at a glance, the credential file, and who keeps them alive: the same in tray, window and CLI. Pure. */
import { type Degree, degreeOfLogin, HEAVIEST_FIRST } from "../login/need.ts";
import { oursOf, type Weight, weightOf } from "../login/rules.ts";
import type { Login, Snapshot } from "../login/snapshot.ts";
import type { Source } from "../settings.ts";
import { stepFor } from "./file-problem.ts";
import { capital, moment } from "./times.ts";
import { isolated, shortened, visible } from "./visible.ts";

/** @returns how the credential file comes to hold a login, a clause without a full stop; `from` = who named the file. */
export function howToSignIn(from: Source): string {
  return from === "default" ? "sign in with: opencode auth login" : "sign in with the tool that writes this file";
}

/** The same as its own line. A command is copied, so nothing follows it. */
function signInLine(from: Source): string {
  return capital(howToSignIn(from)) + (from === "default" ? "" : ".");
}

/** @returns the file's name where it is opencode's own. */
export function fileWord(from: Source): string {
  return from === "default" ? "auth.json" : "credential file";
}

/** @returns that there is no credential file, where one is expected, and how there will be one; two lines. */
export function noFileLines(path: string, from: Source): readonly string[] {
  return [`No ${fileWord(from)} yet. Expected at ${path}`, signInLine(from)];
}

/** @returns that the file holds no login, and how it comes to hold one. */
export function noLoginsSentence(from: Source): string {
  return `No logins in this file yet. ${signInLine(from)}`;
}

/** @returns why the file cannot be used, one sentence that names it; "" where it can. */
export function fileProblemSentence({ path, problem, problemKind }: Snapshot["file"]): string {
  if (problem === null) return "";
  // Of our own notes the problem is a sentence already, and names the file that it is about.
  return problemKind === "ownNotes" ? problem : `${path}: ${problem}.`;
}

/** @returns the same, then that the file was left alone and what to do; as sentences. */
export function fileProblemText(file: Snapshot["file"]): string {
  return [fileProblemSentence(file), "Nothing was written.", stepFor(file)].filter(Boolean).join(" ");
}

/** @returns that this process shows what another one does, a clause without a full stop. */
export function otherKeeper(pid: number | null): string {
  return `Another Pilot Light${pid === null ? "" : ` (pid ${pid})`} keeps these logins alive`;
}

/** What is waited for at the end: a refresh is never cut, for an answer that is lost may cost the login. */
export const WAITING_TO_END = "waiting up to 30 s for a refresh to finish";

/** @returns who keeps the logins alive, one sentence. */
export function keeperSentence({ keeper, generatedAt: now }: Pick<Snapshot, "keeper" | "generatedAt">): string {
  if (!keeper.running) return 'No keeper is running. Start one with "pilot-light run".';
  return `Kept alive by pid ${keeper.pid ?? "?"}${keeper.since === null ? "" : ` since ${moment(keeper.since, now)}`}.`;
}

/** What the flame tells, for those who hear it. */
export const DEGREE_WORDS: Readonly<Record<Degree, string>> = {
  unreadable: "Out of order",
  needsYou: "A login needs you",
  soon: "A login may need you soon",
  working: "At work",
  paused: "Pings are paused",
  well: "All well",
};

/** All logins of a file at a glance. */
export interface Summary {
  /** The heaviest of all. */
  readonly weight: Weight;
  /** "3 logins, all well"; without a full stop. */
  readonly text: string;
}

/**
 * @param now ms.
 * @returns the one line that tray, tooltip and window have in common. Logins that we leave alone do not count.
 */
export function summaryOf(snapshot: Snapshot | null, now: number): Summary {
  if (snapshot === null) return { weight: "well", text: "starting" };
  const { file } = snapshot;
  if (file.problem !== null) {
    const what = file.problemKind === "ownNotes" ? "our own files" : "the credential file";
    return { weight: "unreadable", text: `${what} cannot be used` };
  }
  if (file.format === null) return { weight: "well", text: "waiting for a first sign-in" };
  const ours = oursOf(snapshot.accounts);
  if (ours.length === 0) return { weight: "well", text: "no logins" };
  const count = (weight: Weight) => ours.filter((each) => weightOf(each) === weight).length;
  const weight = HEAVIEST_FIRST.find((each) => count(each) > 0) ?? "well";
  const unkept = ours.filter(({ reasonKind }) => reasonKind === "unkept").length;
  if (weight === "waiting" && unkept > 0) return { weight, text: unkeptText(unkept, ours.length) };
  const soon = ours.filter((each) => degreeOfLogin(each, now) === "soon");
  const isDeadline = soon.length > 0 && soon.every((each) => weightOf(each) !== "waiting");
  if (isDeadline && weight !== "unreadable" && weight !== "needsYou")
    return { weight, text: deadlineText(soon.length, ours.length) };
  return { weight, text: textOf(weight, count(weight), ours.length) };
}

function deadlineText(some: number, all: number): string {
  return `${partOf(some, all)} ${some === 1 ? "needs" : "need"} a sign-in soon`;
}

/** Nothing is tried again by itself then. */
function unkeptText(some: number, all: number): string {
  return `${partOf(some, all)} ${some === 1 ? "has" : "have"} expired, and nothing refreshes ${some === 1 ? "it" : "them"}`;
}

function partOf(some: number, all: number): string {
  const logins = all === 1 ? "1 login" : `${all} logins`;
  return some === all ? logins : `${some} of ${logins}`;
}

function textOf(weight: Weight, some: number, all: number): string {
  const logins = all === 1 ? "1 login" : `${all} logins`;
  const part = partOf(some, all);
  switch (weight) {
    case "unreadable":
      return `${part} cannot be read`;
    case "needsYou":
      return `${part} ${some === 1 ? "needs" : "need"} you`;
    case "waiting":
      return `${part} will be tried again`;
    case "paused":
      return `${logins}, all well, pings paused${some === all ? "" : ` for ${some}`}`;
    case "well":
      return all === 1 ? "1 login, well" : `${logins}, all well`;
  }
}

/** @returns the login's name for people: its label, with the provider in front where the label does not tell it. */
export function loginName({ provider, label }: Pick<Login, "provider" | "label">): string {
  const name = label.trim() === "" ? "(no name)" : label;
  return name === provider || name.startsWith(`${provider} `) || provider === "" ? name : `${provider} · ${name}`;
}

const NAME_LENGTH = 48;

/** @returns the same for a line of the menu: not too long, and whichever way it is written. */
export function nameInLine(login: Pick<Login, "provider" | "label">): string {
  return isolated(shortened(visible(loginName(login)), NAME_LENGTH));
}

/** @returns the same for a notification, whose title is short: only the label, where no other login has it. */
export function calledAmong(login: Pick<Login, "provider" | "label">, all: readonly Pick<Login, "label">[]): string {
  const label = login.label.trim();
  const isTelling = label !== "" && all.filter((each) => each.label.trim() === label).length < 2;
  return isTelling ? isolated(shortened(visible(label), NAME_LENGTH)) : nameInLine(login);
}
