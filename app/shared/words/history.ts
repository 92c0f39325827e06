/** What happened to a login, in words. Pure. */
import type { HistoryEvent, HistoryWhat } from "../login/history.ts";
import type { Summary } from "../login/story.ts";
import { PING_WORDS } from "./commands.ts";
import { clientRefusedWords, setbackWords } from "./setback.ts";
import { endClause } from "./state.ts";
import { moment } from "./times.ts";

/** @returns what happened, a clause without a full stop. */
export function historyWords(what: HistoryWhat): string {
  switch (what.kind) {
    case "firstSeen":
      return "first seen";
    case "adopted":
      return "a different pair was found and adopted";
    case "emptied":
      return "the entry was emptied";
    case "signedOut":
      return "the login was removed from the file";
    case "refreshed":
      return "refreshed";
    case "notRefreshed":
      return `not refreshed: ${setbackWords(what.setback)}`;
    case "clientRefused":
      return clientRefusedWords(what.provider);
    case "answerLost":
      return `the answer was lost: ${setbackWords(what.setback)}`;
    case "newerFound":
      return "a newer pair was found";
    case "ended":
      return `the login has ended: ${endClause(what.reason)}`;
    case "putBack":
      return "the newest pair was put into the file";
    case "oldCopyAllowed":
      return "the old copy was allowed";
    case "copyAskedFor":
      return "our safe copy was asked for";
    case "copyErased":
      return what.because === "asked"
        ? "our safe copy was erased, as asked"
        : "our safe copy was erased: no keeper used this file for 30 days";
    case "setAside":
      return `${what.name} was damaged; it was set aside and rebuilt from the journal`;
    case "pinged":
      return `pinged (${what.mode}): ${PING_WORDS[what.outcome]}`;
    case "told":
      return what.sentence;
  }
}

/** @returns what became of a login, in one or two sentences: "Refreshed 41 times since 3 Nov, last at 14:02.". */
export function summarySentence({ outcome, refreshed, since, lastRefresh }: Summary, now: number): string {
  const times = refreshed === 1 ? "once" : `${refreshed} times`;
  const began = moment(since, now);
  switch (outcome.kind) {
    case "alive": {
      if (lastRefresh === null) return `Known since ${began}, not refreshed yet.`;
      return refreshed === 1
        ? `Refreshed once, ${when(lastRefresh, now)}.`
        : `Refreshed ${times} since ${began}, last ${when(lastRefresh, now)}.`;
    }
    case "ended":
      return `Ended ${when(outcome.at, now)}: ${endClause(outcome.reason)}. ${wasRefreshed(times, refreshed, began)}`;
    case "signedOut":
      return `Removed from the file ${when(outcome.at, now)}. ${wasRefreshed(times, refreshed, began)}`;
    case "emptied":
      return `Emptied in the file ${when(outcome.at, now)}. ${wasRefreshed(times, refreshed, began)}`;
  }
}

function wasRefreshed(times: string, refreshed: number, since: string): string {
  return refreshed === 0 ? "It was never refreshed here." : `It was refreshed ${times} since ${since}.`;
}

/** @returns "at 06:40", or "on 3 Nov". */
function when(at: number, now: number): string {
  const text = moment(at, now);
  return /^\d\d:/.test(text) ? `at ${text}` : `on ${text}`;
}

/** That there is no history. */
export const NO_HISTORY = "Nothing has happened yet.";

/** @returns the event as it is written and published: `what` and `why` in words, beside them the kind and what belongs to it. */
export function publicEvent({ at, id, by, what, fingerprint }: HistoryEvent): object {
  return { at, id, by, what: historyWords(what), ...beside(what), fingerprint };
}

function beside(what: HistoryWhat): object {
  if (what.kind === "told") return {};
  return "setback" in what ? { ...what, why: setbackWords(what.setback) } : what;
}
