/** Which episodes are to be told now, and what is remembered of them. Pure. */
import * as v from "valibot";
import { entriesOf, lookUp } from "../../shared/data/by-id.ts";
import { byId } from "../../shared/data/by-id-schema.ts";
import type { NotificationKind } from "../../shared/login/notifications.ts";
import type { View } from "../../shared/view/view.ts";
import { deadlineEpisodes } from "./deadline.ts";
import { decisionEpisodes } from "./decision.ts";
import { type Episode, type EpisodesOf, keyOf } from "./episode.ts";
import { failingEpisodes } from "./failing.ts";
import { fileEpisodes } from "./files.ts";
import { pingEpisodes } from "./pings.ts";
import { signInEpisodes } from "./sign-in.ts";
import { unexpectedEpisodes } from "./unexpected.ts";

/** One for each kind, the gravest first. */
const PROVIDERS: Readonly<Record<NotificationKind, EpisodesOf>> = {
  signIn: signInEpisodes,
  files: fileEpisodes,
  decision: decisionEpisodes,
  failing: failingEpisodes,
  deadline: deadlineEpisodes,
  pings: pingEpisodes,
  unexpected: unexpectedEpisodes,
};

/** What is remembered, across restarts: the episodes that last, since when (wall ms), and which were told. No token. */
const noteSchema = v.object({ id: v.nullable(v.string()), since: v.number(), told: v.boolean() });
export const memorySchema = byId(noteSchema);
export type Memory = v.InferOutput<typeof memorySchema>;
type Note = v.InferOutput<typeof noteSchema>;

export interface Moment {
  /** Wall ms. */
  readonly now: number;
  /** Since when we can see: our start, or when the system woke up (wall ms). */
  readonly awakeSince: number;
  readonly graceMs: number;
}

export interface Due {
  readonly memory: Memory;
  /** To be told now, the gravest first. */
  readonly due: readonly Episode[];
  /** When the next one may be due (wall ms); null = none waits. */
  readonly nextAt: number | null;
}

/** @returns what is to be told of `view`, by what was remembered. A kind that is switched off waits until it is switched on. */
export function dueNow(view: View, memory: Memory, moment: Moment): Due {
  const { now } = moment;
  const lasting = Object.values(PROVIDERS).flatMap((episodesOf) => episodesOf(view, now));
  const known = lasting.map((episode) => ({ episode, note: noteOf(episode, memory, now) }));
  const waiting = known
    .filter(({ episode, note }) => !note.told && view.notifications[episode.kind])
    .map(({ episode, note }) => ({ episode, at: tellAt(episode, note.since, moment) }));
  const later = waiting.map(({ at }) => at).filter((at) => at > now);
  return {
    memory: {
      ...unseen(view, memory),
      ...Object.fromEntries(known.map(({ episode, note }) => [keyOf(episode), note])),
    },
    due: waiting.filter(({ at }) => at <= now).map(({ episode }) => episode),
    nextAt: later.length === 0 ? null : Math.min(...later),
  };
}

/** @returns the memory once these were told. */
export function withTold(memory: Memory, told: readonly Episode[]): Memory {
  const keys = new Set(told.map(keyOf));
  return Object.fromEntries(
    entriesOf(memory).map(([key, note]) => [key, keys.has(key) ? { ...note, told: true } : note]),
  );
}

function noteOf(episode: Episode, memory: Memory, now: number): Note {
  const before = lookUp(memory, keyOf(episode));
  const since = episode.since ?? before?.since ?? now;
  // A time that lies ahead means that the clock stepped back since.
  return { id: episode.id, since: Math.min(since, now), told: before?.told ?? false };
}

/** What has lasted while we slept may heal in a moment, so the grace begins anew when the system wakes up. */
function tellAt({ patience }: Episode, since: number, { awakeSince, graceMs }: Moment): number {
  switch (patience.kind) {
    case "none":
      return since;
    case "grace":
      return Math.max(since, awakeSince) + graceMs;
    case "ms":
      return Math.max(since + patience.ms, awakeSince + graceMs);
  }
}

/** Episodes of logins that cannot be seen now, or are being refreshed, are not over: they are remembered as they are. */
function unseen({ snapshot, problem }: View, memory: Memory): Memory {
  const blind = snapshot === null || problem !== null || snapshot.file.problem !== null;
  const busy = new Set((snapshot?.accounts ?? []).filter(({ state }) => state === "refreshing").map(({ id }) => id));
  return Object.fromEntries(
    entriesOf(memory).filter(([, { id }]) => (id === null ? snapshot === null : blind || busy.has(id))),
  );
}
