import { HEAVIEST_FIRST } from "../login/need.ts";
import { type Weight, weightOf } from "../login/rules.ts";
import type { Account, Snapshot } from "../login/snapshot.ts";

/** All logins of a file at a glance. */
export interface Summary {
  /** The heaviest of all: it chooses the tray icon. */
  readonly weight: Weight;
  /** "3 logins, all well"; without a full stop. */
  readonly text: string;
}

/** @returns the one line that tray, tooltip and window have in common. Logins that we leave alone do not count. */
export function summaryOf(snapshot: Snapshot | null): Summary {
  if (snapshot === null) return { weight: "well", text: "starting" };
  const { file } = snapshot;
  if (file.problem !== null) return { weight: "unreadable", text: "the credential file cannot be used" };
  if (file.format === null) return { weight: "well", text: "waiting for a first sign-in" };
  const ours = snapshot.accounts.filter(({ state }) => state !== "unmanaged");
  if (ours.length === 0) return { weight: "well", text: "no logins" };
  const count = (weight: Weight) => ours.filter((each) => weightOf(each) === weight).length;
  const weight = HEAVIEST_FIRST.find((each) => count(each) > 0) ?? "well";
  const unkept = ours.filter(({ reasonKind }) => reasonKind === "unkept").length;
  if (weight === "waiting" && unkept > 0) return { weight, text: unkeptText(unkept, ours.length) };
  return { weight, text: textOf(weight, count(weight), ours.length) };
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
export function loginName({ provider, label }: Pick<Account, "provider" | "label">): string {
  const name = label.trim() === "" ? "(no name)" : label;
  return name === provider || name.startsWith(`${provider} `) || provider === "" ? name : `${provider} · ${name}`;
}
