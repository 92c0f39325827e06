import type { HistoryEvent } from "../../shared/history.ts";
import { historyWords } from "../../shared/words/history.ts";
import { visible } from "../../shared/words/visible.ts";
import { dateAndTime } from "../../shared/words/words.ts";

const FINGERPRINT_SHOWN = 8;

/** @param indent before each line. @returns a line for each event; tokens appear as the beginnings of their fingerprints. */
export function historyText(events: readonly HistoryEvent[], indent = ""): string {
  return events
    .map(({ at, id, by, what, fingerprint }) => {
      const token = fingerprint === null ? "" : `  [${visible(fingerprint.slice(0, FINGERPRINT_SHOWN))}]`;
      return `${indent}${dateAndTime(at)}  ${visible(id)}  ${by}: ${visible(historyWords(what))}${token}\n`;
    })
    .join("");
}
