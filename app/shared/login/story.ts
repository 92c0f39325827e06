/** What became of a login in short, from its history. Pure. */
import type { HistoryEvent } from "./history.ts";
import type { EndReason } from "./states.ts";

export type Outcome =
  | { readonly kind: "alive" }
  /** The provider no longer accepts it. */
  | { readonly kind: "ended"; readonly at: number; readonly reason: EndReason }
  /** Gone from the file. */
  | { readonly kind: "signedOut"; readonly at: number }
  | { readonly kind: "emptied"; readonly at: number };

export interface Summary {
  readonly outcome: Outcome;
  /** How often we refreshed it since then. */
  readonly refreshed: number;
  /** The sign-in that this is about, or how far back the history goes. */
  readonly since: number;
  readonly lastRefresh: number | null;
}

const ALIVE: Outcome = { kind: "alive" };

/** @param events of one login, oldest first. @returns what became of it since its last sign-in; null = nothing is known. */
export function summaryOf(events: readonly HistoryEvent[]): Summary | null {
  return events.reduce<Summary | null>(after, null);
}

function after(before: Summary | null, { at, what }: HistoryEvent): Summary {
  const fresh: Summary = { outcome: ALIVE, refreshed: 0, since: at, lastRefresh: null };
  const known = before ?? fresh;
  const isOver = known.outcome.kind !== "alive";
  switch (what.kind) {
    case "firstSeen":
      return fresh;
    case "adopted":
      return isOver ? fresh : known;
    case "refreshed":
      return { ...known, outcome: ALIVE, refreshed: known.refreshed + 1, lastRefresh: at };
    case "ended":
      // "Try once more" may be refused, too.
      return known.outcome.kind === "ended" ? known : { ...known, outcome: { kind: "ended", at, reason: what.reason } };
    case "signedOut":
    case "emptied":
      return { ...known, outcome: { kind: what.kind, at } };
    case "newerFound":
    case "putBack":
    case "oldCopyAllowed":
      return { ...known, outcome: ALIVE };
    case "notRefreshed":
    case "clientRefused":
    case "answerLost":
    case "copyAskedFor":
    case "copyErased":
    case "setAside":
    case "pinged":
    case "told":
      return known;
  }
}
