/** What happened to a login, in words. Pure. */
import type { HistoryEvent, HistoryWhat } from "../login/history.ts";
import { PING_WORDS } from "./commands.ts";
import { clientRefusedWords, setbackWords } from "./setback.ts";
import { endClause } from "./state.ts";

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
