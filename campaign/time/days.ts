/** The days that the campaign "time" plays: who signs in, how long their tokens live, when the computer sleeps or errs. */
import type { ClockEvent } from "../support/clock/clock.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Saturday, 10 October 2026, 8:00 in Berlin: two weeks later its clocks go back. */
export const BEGIN = Date.UTC(2026, 9, 10, 6);
export const ZONE = "Europe/Berlin";

export interface Days {
  readonly days: number;
  readonly logins: readonly Life[];
  /** By the monotonic clock of the computer, from its start. */
  readonly script: readonly ClockEvent[];
}

/** How long access tokens live; "brief" = 75 s for the first half hour of each fifth day, 8 h else; "far" = beyond any timer. */
export type Life = "8 h" | "1 h" | "10 days" | "60 days" | "brief";

/** @returns the life of a token that is granted at this time, in seconds. */
export function secondsOf(life: Life, now: number): number {
  switch (life) {
    case "8 h":
      return (8 * HOUR) / SECOND;
    case "1 h":
      return HOUR / SECOND;
    case "10 days":
      return (10 * DAY) / SECOND;
    case "60 days":
      return (60 * DAY) / SECOND;
    case "brief": {
      const sinceBegin = now - BEGIN;
      const isBrief = Math.floor(sinceBegin / DAY) % 5 === 0 && sinceBegin % DAY < HOUR / 2;
      return isBrief ? 75 : (8 * HOUR) / SECOND;
    }
    default:
      return life satisfies never;
  }
}

const ASLEEP = 18 * HOUR;

/** One day: brief tokens, both kinds of steps, two sleeps. */
export function oneDay(): Days {
  const script: readonly ClockEvent[] = [
    ...stepped(0.5 * HOUR, { kind: "step", ms: DAY }),
    { at: 1.2 * HOUR, kind: "sample" },
    { at: 1.2 * HOUR, kind: "sleep", ms: 8 * HOUR, monotonicRuns: false },
    ...stepped(1.5 * HOUR, { kind: "setTo", wall: 0 }),
    { at: 2.2 * HOUR, kind: "sleep", ms: 13 * HOUR, monotonicRuns: false },
    { at: 3 * HOUR, kind: "sample" },
    { at: 3 * HOUR, kind: "stop" },
  ];
  return { days: 1, logins: ["8 h", "1 h", "60 days", "brief"], script };
}

/** Thirty days of six hours awake, each with its own trouble: each hour awake takes seconds, one asleep none. */
export function thirtyDays(): Days {
  const script: ClockEvent[] = [];
  // A monotonic clock that runs on in sleep is ahead of the hours that were lived.
  let morning = 0;
  for (let day = 0; day < 30; day += 1) {
    const noon = morning + 3 * HOUR;
    script.push({ at: noon - HOUR, kind: "sample" }, ...troubleOf(day, noon));
    const monotonicRuns = day % 3 === 2;
    const night = morning + DAY - ASLEEP;
    if (day === 29) script.push({ at: night, kind: "stop" });
    else script.push({ at: night, kind: "sleep", ms: ASLEEP, monotonicRuns });
    morning = night + (monotonicRuns ? ASLEEP : 0);
  }
  const logins = [
    ...times(7, "8 h"),
    ...times(7, "1 h"),
    ...times(3, "10 days"),
    ...times(2, "60 days"),
    "brief",
  ] as const;
  return { days: 30, logins, script };
}

/** Half an hour of a wrong clock, each kind several times; a nap on the other days. */
function troubleOf(day: number, at: number): readonly ClockEvent[] {
  switch (day % 7) {
    case 1:
      return stepped(at, { kind: "step", ms: DAY });
    case 2:
      return stepped(at, { kind: "step", ms: -DAY });
    case 3:
      return stepped(at, { kind: "setTo", wall: 0 });
    case 4:
      return stepped(at, { kind: "setTo", wall: 2 ** 31 * SECOND });
    case 5:
      return stepped(at, { kind: "setTo", wall: 2 ** 32 * SECOND });
    default:
      return [{ at, kind: "sleep", ms: 40 * MINUTE, monotonicRuns: false }];
  }
}

type Step = { readonly kind: "step"; readonly ms: number } | { readonly kind: "setTo"; readonly wall: number };

function stepped(at: number, step: Step): readonly ClockEvent[] {
  return [
    { at, ...step },
    { at: at + HOUR / 2, kind: "setTo", wall: "right" },
  ];
}

function times(count: number, life: Life): readonly Life[] {
  return Array.from({ length: count }, () => life);
}
