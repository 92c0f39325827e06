import type { Story } from "../../shared/view/story.ts";
import { NO_HISTORY, summarySentence } from "../../shared/words/history.ts";
import { dateAndTime } from "../../shared/words/times.ts";
import { visible } from "../../shared/words/visible.ts";
import { lineTime, olderText, repeated, STORY } from "../../shared/words/window/story.ts";

interface HistoryProps {
  readonly story: Story;
  /** Of the login. */
  readonly id: string;
  /** Its name, for people. */
  readonly about: string;
  readonly now: number;
}

/** What became of a login: one sentence, then its newest events. */
export function History({ story: { summary, lines, older }, id, about, now }: HistoryProps) {
  if (summary === null) return <p class="told">{NO_HISTORY}</p>;
  const [text, command] = olderText(id);
  return (
    <>
      <p class="told">{summarySentence(summary, now)}</p>
      <details class="history">
        <summary aria-label={`${STORY.history}: ${about}`}>{STORY.history}</summary>
        {/* Page Up and Page Down scroll it; the arrows go on walking from row to row. */}
        <ol class="events" tabIndex={0} aria-label={`${STORY.history}: ${about}`}>
          {lines.map(({ at, by, words, times, first }, place) => (
            <li key={`${at} ${lines.length - place}`}>
              <time title={dateAndTime(at)}>{lineTime(at, now)}</time>
              <span>
                {visible(words)}
                {times > 1 && <span class="quiet"> · {repeated(times, first, now)}</span>}
                {by !== "us" && <span class="quiet"> · {visible(by)}</span>}
              </span>
            </li>
          ))}
        </ol>
        {older && (
          <p class="quiet">
            {text} <code>{visible(command)}</code>
          </p>
        )}
      </details>
    </>
  );
}
