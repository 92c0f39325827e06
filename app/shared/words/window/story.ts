/** What the strip and the history in the row of a login say. All times are local. */
import type { Coverage, Mark, Moment, Stretch } from "../../view/coverage.ts";
import { clockSeconds, moment } from "../times.ts";

export const STORY = {
  strip: "The last 24 hours and the next 8",
  history: "History",
  loading: "Reading the history …",
  now: "now",
} as const;

/** @returns the time of a line of history: "06:40", "Tue 06:40", "3 Nov 06:40". */
export function lineTime(at: number, now: number): string {
  const text = moment(at, now);
  return text.includes(":") ? text : `${text} ${clockSeconds(at).slice(0, 5)}`;
}

/** @returns "11 times since 08:22". */
export function repeated(times: number, first: number, now: number): string {
  return `${times} times since ${lineTime(first, now)}`;
}

/** @returns where the lines before these are: a word, and the command as a shell takes it. */
export function olderText(id: string): readonly [text: string, command: string] {
  const word = /^[\w./@:+-]+$/.test(id) ? id : `'${id.replaceAll("'", `'\\''`)}'`;
  return ["Older:", `pilot-light history ${word}`];
}

/** @returns "06:40: refreshed; access valid until 14:40". */
export function momentText({ at, stretch, marks }: Moment, coverage: Coverage): string {
  const { now } = coverage;
  const what = [...marks.map((mark) => markText(mark)), stretchText(stretch, at, coverage)].filter(Boolean);
  return `${at === now ? "Now" : moment(at, now)}: ${what.join("; ")}`;
}

function markText({ kind, words }: Mark): string {
  return kind === "next" ? "next refresh planned" : words;
}

function stretchText(stretch: Stretch | null, at: number, { now, until: last, stretches }: Coverage): string {
  if (stretch === null) return at > now ? "access expires before this, unless it is refreshed" : "nothing is known";
  const text = STRETCH_WORDS[stretch.kind];
  const [from, until] = endsOf(stretch, stretches, now);
  if (until !== null && until <= last) return until < last ? `${text} until ${moment(until, now)}` : text;
  return from > last ? text : `${text} since ${moment(from, now)}`;
}

const STRETCH_WORDS: Readonly<Record<Stretch["kind"], string>> = {
  valid: "access valid",
  expired: "access expired",
  validOff: "asleep or not running, access still valid",
  off: "asleep or not running",
  notKnown: "nothing is known",
  ahead: "access valid",
};

/** What lasts until now goes on, where more of it is ahead; else it has no end. */
function endsOf({ from, until }: Stretch, all: readonly Stretch[], now: number): readonly [number, number | null] {
  if (until !== now) return [from, until];
  return [from, all.find(({ kind }) => kind === "ahead")?.until ?? null];
}
