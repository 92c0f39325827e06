import * as v from "valibot";
import { readText } from "../../ports/durable.ts";
import { type Files } from "../../ports/files.ts";
import { type Log } from "../../ports/log.ts";
import { errorCode, plainReason } from "../../shared/data/errors.ts";
import { tryJson } from "../../shared/data/json.ts";
import { VERSION } from "../../shared/data/version.ts";
import { HISTORY_BY, type HistoryEvent, historyWhatSchema } from "../../shared/login/history.ts";
import { publicEvent } from "../../shared/words/history.ts";

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

/**
 * What happened to each login, when, by whom: JSON lines, two files of at most 1 MiB. Pings have two of their own: there are so
 * many of them that they would push out all else, and they are written without the lock.
 */
export interface History {
  /** Never throws, but logs: history is told, not relied on. */
  append(events: readonly HistoryEvent[]): Promise<void>;
  /** Oldest first. */
  read(id: string | null): Promise<readonly HistoryEvent[]>;
}

/** At most `maxBytes` a file, and one older file. */
interface Pages {
  readonly name: string;
  readonly maxBytes: number;
}

const EVENTS: Pages = { name: "events", maxBytes: 1024 * 1024 };
/** About five weeks of pings of one login, twice. */
const PINGS: Pages = { name: "pings", maxBytes: 256 * 1024 };

/** So much may be added to a file that has just its size. */
const LONGEST_ADDED = 256 * 1024;

export function createHistory(files: Files, folder: string, log: Pick<Log, "warn">): History {
  const pathOf = ({ name }: Pages) => `${folder}/${name}.jsonl`;
  const olderOf = ({ name }: Pages) => `${folder}/${name}.1.jsonl`;

  async function add(pages: Pages, events: readonly HistoryEvent[]): Promise<void> {
    if (events.length === 0) return;
    await files.makeFolders(folder);
    let file = await openOrCreate(pathOf(pages));
    const { size } = await file.stat();
    if (size > pages.maxBytes) {
      await file.close();
      await files.rename(pathOf(pages), olderOf(pages));
      file = await openOrCreate(pathOf(pages));
    }
    try {
      await file.write(new TextEncoder().encode(events.map(lineOf).join("")), (await file.stat()).size);
    } finally {
      await file.close();
    }
  }

  async function openOrCreate(path: string) {
    try {
      return await files.open(path, "updateOwn");
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error;
      return files.open(path, "createNew", 0o600);
    }
  }

  async function eventsIn(pages: Pages): Promise<readonly HistoryEvent[]> {
    // What is longer than we write is not ours; of its lines the newest are told.
    const read = async (path: string) => ((await readText(files, path)) ?? "").slice(-(pages.maxBytes + LONGEST_ADDED));
    const text = `${await read(olderOf(pages))}${await read(pathOf(pages))}`;
    return text.split("\n").flatMap((line) => eventOf(tryJson(line)) ?? []);
  }

  return {
    async append(events) {
      const isPing = ({ what }: HistoryEvent) => what.kind === "pinged";
      try {
        await add(
          EVENTS,
          events.filter((event) => !isPing(event)),
        );
        await add(PINGS, events.filter(isPing));
      } catch (error) {
        log.warn("the history could not be written", { events: events.length, reason: plainReason(error) });
      }
    },
    async read(id) {
      const all = merged(await eventsIn(EVENTS), await eventsIn(PINGS));
      return id === null ? all : all.filter((event) => event.id === id);
    },
  };
}

function lineOf(event: HistoryEvent): string {
  return `${JSON.stringify({ version: VERSION, ...publicEvent(event) })}\n`;
}

/** By their times; each stays in its own order, whatever a clock did. */
function merged(events: readonly HistoryEvent[], pings: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const all: HistoryEvent[] = [];
  let next = 0;
  for (const event of events) {
    for (let ping = pings[next]; ping !== undefined && ping.at < event.at; ping = pings[next]) {
      all.push(ping);
      next += 1;
    }
    all.push(event);
  }
  return [...all, ...pings.slice(next)];
}

/** @returns what a line tells; null for one that is damaged or of another version. */
function eventOf(line: unknown): HistoryEvent | null {
  const parsed = v.safeParse(eventSchema, line);
  if (!parsed.success) return null;
  const { version: _version, what: sentence, ...event } = parsed.output;
  const what = v.safeParse(historyWhatSchema, line);
  return { ...event, what: what.success ? what.output : { kind: "told", sentence } };
}
