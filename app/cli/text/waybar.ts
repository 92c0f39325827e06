import { byNeed } from "../../shared/login/need.ts";
import type { Weight } from "../../shared/login/rules.ts";
import type { Snapshot } from "../../shared/login/snapshot.ts";
import { keeperSentence, loginName, summaryOf } from "../../shared/words/status.ts";
import { menuHead, standing } from "../../shared/words/tray.ts";
import { shortened, visible } from "../../shared/words/visible.ts";
import { jsonLine } from "./json.ts";

/** Letters of a name: a bar has little room. */
const NAME = 40;

/** @returns one JSON line as waybar's custom modules take it: the worst first, its class the heaviest weight of all. */
export function waybarLine(snapshot: Snapshot): string {
  const { weight, text } = summaryOf(snapshot);
  const { file, accounts: logins, generatedAt: now } = snapshot;
  const lines = byNeed(logins).map((login) => `${shortened(loginName(login), NAME)}: ${standing(login, now)}`);
  return lineOf(text, file.problem === null ? [...lines, keeperSentence(snapshot)] : [file.problem], weight);
}

/** @returns the line where there is no status at all. */
export function waybarTrouble(sentence: string): string {
  return lineOf(menuHead(false, null), [sentence], "unreadable");
}

function lineOf(text: string, tooltip: readonly string[], weight: Weight): string {
  return jsonLine({ text: markup(text), tooltip: tooltip.map(markup).join("\n"), class: weight });
}

/** What Pango takes for text, and nothing else. */
function markup(text: string): string {
  return visible(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
