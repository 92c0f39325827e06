/** How a login was covered over the last day, and how far ahead it is: what the strip of its row shows. Pure. */
import type { Login } from "../login/snapshot.ts";
import type { MarkKind, Story } from "./story.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const BACK_MS = 24 * HOUR;
export const AHEAD_MS = 8 * HOUR;

/**
 * `off`: asleep, or no keeper ran, and the access was not known to be valid; `validOff`: the same while it was valid.
 * `ahead`: from now on, while the present access lasts.
 */
export type StretchKind = "valid" | "expired" | "validOff" | "off" | "notKnown" | "ahead";

export interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly kind: StretchKind;
}

export interface Mark {
  readonly at: number;
  readonly kind: MarkKind | "next";
  /** What happened; "" for what is to come. */
  readonly words: string;
}

export interface Coverage {
  readonly from: number;
  readonly now: number;
  readonly until: number;
  /** One after the other; from `from` to `now` without a hole. */
  readonly stretches: readonly Stretch[];
  /** By their times. */
  readonly marks: readonly Mark[];
}

type Told = Pick<Story, "generations" | "spans" | "marks">;
type Clocks = Pick<Login, "accessExpiresAt" | "nextRefreshAt">;

/** @param now ms; what a clock that stepped back left in the future is not shown. */
export function coverageOf(told: Told, clocks: Clocks, now: number): Coverage {
  const [from, until] = [now - BACK_MS, now + AHEAD_MS];
  const { accessExpiresAt: end, nextRefreshAt: next } = clocks;
  const access = accessOver(told.generations, end, now);
  const running = runningOver(told.spans);
  const isPast = (at: number) => at > from && at < now;
  const edges = [...access.edges, ...running.edges].filter(isPast);
  const times = [from, ...new Set(edges)].sort((a, b) => a - b);
  const past = times.map((at, place) => ({
    from: at,
    until: times[place + 1] ?? now,
    kind: kindOf(access.at(at), running.at(at)),
  }));
  const ahead: readonly Stretch[] =
    end !== null && end > now ? [{ from: now, until: Math.min(end, until), kind: "ahead" }] : [];
  const marks: readonly Mark[] = told.marks.filter(({ at }) => at >= from && at <= now);
  const planned: readonly Mark[] =
    next !== null && next > now && next <= until ? [{ at: next, kind: "next", words: "" }] : [];
  return { from, now, until, stretches: [...joined(past), ...ahead], marks: [...byTime(marks), ...planned] };
}

/** @returns whether there is nothing to be shown: no time of which anything is known, past or to come. */
export function isBlank({ stretches, marks }: Coverage): boolean {
  return marks.length === 0 && stretches.every(({ kind }) => kind === "notKnown");
}

/** A time worth a stop: where something happened, or another stretch begins. */
export interface Moment {
  readonly at: number;
  /** Null = nothing is known of it. */
  readonly stretch: Stretch | null;
  readonly marks: readonly Mark[];
}

/** @returns what there is at this time. */
export function momentAt({ stretches, marks, now }: Coverage, at: number): Moment {
  return {
    at,
    stretch:
      stretches.find(({ from, until }) => from <= at && at < until) ?? (at === now ? (stretches.at(-1) ?? null) : null),
    marks: marks.filter((mark) => mark.at === at),
  };
}

/** @returns all stops, oldest first; the present is one of them. */
export function momentsOf(coverage: Coverage): readonly Moment[] {
  const { stretches, marks, now } = coverage;
  const ends = stretches.flatMap(({ until, kind }) => (kind === "ahead" && until < coverage.until ? [until] : []));
  const times = [...stretches.map(({ from }) => from), ...marks.map(({ at }) => at), ...ends, now];
  return byTime([...new Set(times)].map((at) => momentAt(coverage, at)));
}

type Access = "valid" | "expired" | "notKnown";

/** @param end of the newest pair's access, as the file says it. */
function accessOver(all: Told["generations"], end: number | null, now: number) {
  const past = byTime(all.filter(({ from }) => from <= now).map(({ from, until }) => ({ at: from, until })));
  const last = past.at(-1);
  // Of a login without a history it is known only that its access has ended.
  const known =
    last === undefined
      ? end === null
        ? []
        : [{ at: end, until: end }]
      : [...past.slice(0, -1), { ...last, until: end ?? last.until }];
  return {
    edges: known.flatMap(({ at, until }) => (until === null ? [at] : [at, until])),
    at: (time: number): Access => {
      const pair = known.findLast(({ at }) => at <= time);
      if (pair === undefined || pair.until === null) return "notKnown";
      return time < pair.until ? "valid" : "expired";
    },
  };
}

/** Before the first span nothing was written down. */
function runningOver(spans: Told["spans"]) {
  const first = Math.min(...spans.map(({ from }) => from));
  return {
    edges: spans.flatMap(({ from, until }) => (until === null ? [from] : [from, until])),
    at: (time: number): boolean | null =>
      time < first ? null : spans.some(({ from, until }) => from <= time && (until === null || time < until)),
  };
}

function kindOf(access: Access, isRunning: boolean | null): StretchKind {
  if (isRunning === false) return access === "valid" ? "validOff" : "off";
  // That it expired while nobody knows who ran blames no one.
  return access === "expired" && isRunning === null ? "notKnown" : access;
}

/** Those that say the same become one. */
function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  return stretches.reduce<readonly Stretch[]>((done, next) => {
    const last = done.at(-1);
    return last?.kind === next.kind ? [...done.slice(0, -1), { ...last, until: next.until }] : [...done, next];
  }, []);
}

function byTime<T extends { readonly at: number }>(all: readonly T[]): readonly T[] {
  return [...all].sort((a, b) => a.at - b.at);
}
