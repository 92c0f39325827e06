import * as v from "valibot";
import { readText } from "../../ports/durable.ts";
import { type Files } from "../../ports/files.ts";
import { type Log } from "../../ports/log.ts";
import { errorCode, plainReason } from "../../shared/data/errors.ts";
import { tryJson } from "../../shared/data/json.ts";
import { VERSION } from "../../shared/data/version.ts";
import { HISTORY_BY, type HistoryEvent, historyWhatSchema } from "../../shared/login/history.ts";
import { publicEvent } from "../../shared/words/history.ts";

const MAX_BYTES = 1024 * 1024;

const eventSchema = v.object({
  /** A line of a newer version is passed over. Older versions wrote none. */
  version: v.optional(v.literal(VERSION)),
  at: v.number(),
  id: v.string(),
  by: v.picklist(HISTORY_BY),
  /** In words; beside it, of newer versions, the kind and what belongs to it (`historyWhatSchema`). */
  what: v.string(),
  fingerprint: v.nullable(v.string()),
});

/** What happened to each login, when, by whom: JSON lines, two files of at most 1 MiB. */
export interface History {
  /** Never throws, but logs: history is told, not relied on. */
  append(events: readonly HistoryEvent[]): Promise<void>;
  /** Oldest first. */
  read(id: string | null): Promise<readonly HistoryEvent[]>;
}

export function createHistory(files: Files, folder: string, log: Pick<Log, "warn">): History {
  const current = `${folder}/events.jsonl`;
  const older = `${folder}/events.1.jsonl`;

  async function add(text: string): Promise<void> {
    await files.makeFolders(folder);
    let file = await openOrCreate();
    const { size } = await file.stat();
    if (size > MAX_BYTES) {
      await file.close();
      await files.rename(current, older);
      file = await openOrCreate();
    }
    try {
      await file.write(new TextEncoder().encode(text), (await file.stat()).size);
    } finally {
      await file.close();
    }
  }

  async function openOrCreate() {
    try {
      return await files.open(current, "updateOwn");
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error;
      return files.open(current, "createNew", 0o600);
    }
  }

  return {
    async append(events) {
      if (events.length === 0) return;
      await add(
        events
          .map(
            (event) => `${JSON.stringify({ version: VERSION, ...publicEvent(event) })}
`,
          )
          .join(""),
      ).catch((error: unknown) =>
        log.warn("the history could not be written", { events: events.length, reason: plainReason(error) }),
      );
    },
    async read(id) {
      const text = `${(await readText(files, older)) ?? ""}${(await readText(files, current)) ?? ""}`;
      return text.split("\n").flatMap((line) => {
        const event = eventOf(tryJson(line));
        return event !== null && (id === null || event.id === id) ? [event] : [];
      });
    },
  };
}

/** @returns what a line tells; null for one that is damaged or of another version. */
function eventOf(line: unknown): HistoryEvent | null {
  const parsed = v.safeParse(eventSchema, line);
  if (!parsed.success) return null;
  const { version: _version, what: sentence, ...event } = parsed.output;
  const what = v.safeParse(historyWhatSchema, line);
  return { ...event, what: what.success ? what.output : { kind: "told", sentence } };
}
