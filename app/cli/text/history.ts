import type { HistoryEvent } from "../../shared/login/history.ts";
import { historyWords } from "../../shared/words/history.ts";
import { dateAndTime } from "../../shared/words/times.ts";
import { visible } from "../../shared/words/visible.ts";
import { cellWidth, wrap } from "./cells.ts";

const FINGERPRINT_SHOWN = 8;
const DEEPER = "    ";

interface Look {
  /** Cells of a line; infinite where each event is to stay one line. */
  readonly width: number;
  /** Before each line. */
  readonly indent?: string;
}

/** @returns a line for each event, or several where it does not fit; tokens appear as the beginnings of their fingerprints. */
export function historyText(events: readonly HistoryEvent[], { width, indent = "" }: Look): string {
  const fits = (text: string) => cellWidth(text) <= width;
  return events
    .flatMap(({ at, id, by, what, fingerprint }) => {
      const token = fingerprint === null ? "" : `  [${visible(fingerprint.slice(0, FINGERPRINT_SHOWN))}]`;
      const when = `${indent}${dateAndTime(at)}`;
      const head = `${when}  ${visible(id)}`;
      const deed = `${by}: ${visible(historyWords(what))}${token}`;
      if (fits(`${head}  ${deed}`)) return [`${head}  ${deed}`];
      const deeper = indent + DEEPER;
      const rest = wrap(deed, width - deeper.length).map((line) => deeper + line.trimEnd());
      return fits(head) ? [head, ...rest] : [when, deeper + visible(id), ...rest];
    })
    .map((line) => `${line}\n`)
    .join("");
}
