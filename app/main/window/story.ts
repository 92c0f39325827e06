import type { LoginStory } from "../../keeper/api.ts";
import type { HistoryEvent, HistoryWhat } from "../../shared/login/history.ts";
import { summaryOf } from "../../shared/login/story.ts";
import { BACK_MS } from "../../shared/view/coverage.ts";
import { type MarkKind, MOST_LINES, MOST_MARKS, type Story } from "../../shared/view/story.ts";
import { historyWords } from "../../shared/words/history.ts";

/** @returns what the window tells of a login: its newest lines in words, and what its strip is drawn from. Pure. */
export function storyOf({ events, spans }: LoginStory, now: number): Story {
  const lines = linesOf(events);
  const since = now - BACK_MS;
  const generations = events.flatMap(({ at, what }) => generationOf(at, what));
  const firstShown = generations.findIndex(({ from }) => from >= since);
  return {
    summary: summaryOf(events),
    lines: lines.slice(0, MOST_LINES),
    older: lines.length > MOST_LINES,
    generations: generations.slice(firstShown === -1 ? -1 : Math.max(firstShown - 1, 0)).slice(-MOST_MARKS),
    spans: [...spans],
    marks: events
      .filter(({ at }) => at >= since)
      .flatMap(markOf)
      .slice(-MOST_MARKS),
  };
}

const LONGEST_WORDS = 300;

/** A line of a newer version, or a damaged one, may say anything. */
function wordsOf(what: HistoryWhat): string {
  const words = historyWords(what);
  return words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS)}…` : words;
}

type Line = Story["lines"][number];

/** Newest first. Pings come by the dozen, so those that went alike are one line. */
function linesOf(events: readonly HistoryEvent[]): readonly Line[] {
  const lines: Line[] = [];
  for (const { at, by, what } of events.toReversed()) {
    const words = wordsOf(what);
    const last = lines.at(-1);
    if (what.kind === "pinged" && last?.words === words)
      lines[lines.length - 1] = { ...last, times: last.times + 1, first: at };
    else lines.push({ at, by, words, times: 1, first: at });
  }
  return lines;
}

function generationOf(at: number, what: HistoryWhat): readonly Story["generations"][number][] {
  switch (what.kind) {
    case "firstSeen":
    case "adopted":
    case "refreshed":
      return [{ from: at, until: what.expiresAt ?? null }];
    case "putBack":
    case "newerFound":
    case "emptied":
    case "signedOut":
      return [{ from: at, until: null }];
    case "notRefreshed":
    case "clientRefused":
    case "answerLost":
    case "ended":
    case "oldCopyAllowed":
    case "copyAskedFor":
    case "copyErased":
    case "setAside":
    case "pinged":
    case "told":
      return [];
  }
}

function markOf({ at, what }: HistoryEvent): readonly Story["marks"][number][] {
  const kind = markKindOf(what);
  return kind === null ? [] : [{ at, kind, words: wordsOf(what) }];
}

function markKindOf(what: HistoryWhat): MarkKind | null {
  switch (what.kind) {
    case "refreshed":
      return "refreshed";
    case "firstSeen":
    case "adopted":
    case "newerFound":
    case "putBack":
      return "adopted";
    case "notRefreshed":
    case "clientRefused":
    case "answerLost":
      return "failed";
    case "ended":
      return "ended";
    case "emptied":
    case "signedOut":
      return "gone";
    case "pinged":
      return what.outcome === "ok" ? "pinged" : "pingFailed";
    case "oldCopyAllowed":
    case "copyAskedFor":
    case "copyErased":
    case "setAside":
    case "told":
      return null;
  }
}
