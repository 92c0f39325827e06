/**
 * The journal: intents with the successors that came of them, and safe copies of pairs. Once per state dir.
 *
 *   journal/<fp>.<attempt>.intent   "we are about to redeem <fp>", with room reserved for the successor (I2)
 *   journal/<fp>.copy               a pair that another program wrote, kept until the next one is safe
 *
 * An intent that was answered stays as a tombstone without tokens: its name alone keeps a spent token from being sent again.
 */

import * as v from "valibot";
import { type Random } from "../../ports/clock.ts";
import { type Pair } from "../../ports/credential-file.ts";
import { readText, removeIfThere, renameAside, writeDurably } from "../../ports/durable.ts";
import { type Files } from "../../ports/files.ts";
import { type Fingerprint } from "../../ports/fingerprint.ts";
import { type Log } from "../../ports/log.ts";
import { errorCode, plainReason } from "../../shared/errors.ts";
import { tryJson } from "../../shared/json.ts";
import { refuseNewer } from "../../shared/version.ts";

const HEADER_BYTES = 4096;
const ROOM_BYTES = 64 * 1024;

const pairSchema = v.object({ access: v.string(), refresh: v.string(), expires: v.number() });

const headerSchema = v.object({
  version: v.literal(1),
  fp: v.string(),
  attempt: v.number(),
  /** Which credential file (the hash of its real path). */
  file: v.string(),
  ids: v.array(v.string()),
  at: v.number(),
  owner: v.object({ boot: v.string(), pidNamespace: v.string(), pid: v.number(), startedAt: v.string() }),
});

const successorSchema = v.object({
  /** null once the generation after it is safe. */
  pair: v.nullable(pairSchema),
  fp: v.string(),
  at: v.number(),
  lifetimeMs: v.nullable(v.number()),
  loginLifetimeMs: v.nullable(v.number()),
  accountUuid: v.nullable(v.string()),
  by401: v.boolean(),
  /** Fingerprints of the access tokens that stood in the file when it was asked for. Older versions did not note them. */
  replaces: v.optional(v.array(v.string())),
});
/** What the room holds instead when the sender knows that no answer will come. */
const lostSchema = v.object({ lostAt: v.number() });
const sealedSchema = v.object({ seal: v.string(), body: v.string() });

const copySchema = v.object({
  version: v.literal(1),
  fp: v.string(),
  file: v.string(),
  ids: v.array(v.string()),
  pair: pairSchema,
});

export type Successor = v.InferOutput<typeof successorSchema>;
export type Intent = v.InferOutput<typeof headerSchema> & {
  readonly successor: Successor | null;
  /** The sender wrote down that the answer is lost; absent while one may still come, or when it died. */
  readonly lostAt?: number;
};
export type Copy = v.InferOutput<typeof copySchema>;

/** The whole journal at one moment. */
export interface JournalView {
  readonly intents: readonly Intent[];
  readonly copies: readonly Copy[];
  /**
   * Names of files that say nothing: intents whose header never became complete, so that nothing was sent under them; and
   * damaged ones.
   */
  readonly torn: readonly string[];
}

export interface OpenIntent {
  readonly intent: Intent;
  /**
   * Writes and syncs the successor into the reserved room. @throws file errors, also when the intent no longer stands under its
   * name: a process that found us silent may have taken it for torn, and then nobody would find the successor.
   */
  succeed(successor: Successor): Promise<void>;
  /** Writes down that no answer will come. @throws file errors. */
  lose(at: number): Promise<void>;
  close(): Promise<void>;
  /** Nothing was sent: removes it, if it is still ours that stands under its name, and closes it. */
  takeBack(): Promise<void>;
}

export interface Journal {
  load(): Promise<JournalView>;
  /** Creates the intent exclusively, durably, with room. null = someone else did. @throws file errors; nothing is left then. */
  open(header: Omit<Intent, "successor" | "version" | "lostAt">): Promise<OpenIntent | null>;
  /** Takes an intent back: it is proven that nothing was spent under it. */
  discard(fp: string, attempt: number): Promise<void>;
  /** Removes what a crash left half-written; anything else that says nothing is set aside, with a line in the log. */
  discardTorn(name: string): Promise<void>;
  keepCopy(copy: Omit<Copy, "version">): Promise<void>;
  dropCopy(fp: string): Promise<void>;
  /** Rewrites an answered intent without its tokens. */
  scrub(intent: Intent): Promise<void>;
  /** Removes what a process that died left half-written about the tokens of which `isOurs` is true. */
  tidy(isOurs: (fp: string) => boolean): Promise<void>;
  /** What was removed is gone for good. */
  sync(): Promise<void>;
  /** Where it stands. */
  readonly pathOf: (entry: Copy | Intent) => string;
  /** Writes an answered intent anew, where writing into its room failed. @throws file errors. */
  seal(intent: Intent, successor: Successor): Promise<void>;
}

export function createJournal(deps: {
  readonly files: Files;
  readonly random: Random;
  readonly fingerprint: Fingerprint;
  readonly folder: string;
  readonly log: Pick<Log, "warn">;
}): Journal {
  const { files, random, fingerprint, folder, log } = deps;
  const notRemoved = (error: unknown): void =>
    log.warn("an intent under which nothing was sent could not be removed", { reason: plainReason(error) });
  const intentPath = (fp: string, attempt: number) => `${folder}/${fp}.${attempt}.intent`;
  const copyPath = (fp: string) => `${folder}/${fp}.copy`;

  const headerText = (header: Omit<Intent, "successor" | "version" | "lostAt">): string => {
    const { fp, attempt, file, ids, at, owner } = header;
    const whole = asciiJson({ version: 1, fp, attempt, file, ids, at, owner });
    // The ids are only for people; a header has one fixed length, so that the successor has one fixed place.
    const text = whole.length < HEADER_BYTES ? whole : asciiJson({ version: 1, fp, attempt, file, ids: [], at, owner });
    return `${text.padEnd(HEADER_BYTES - 1)}\n`;
  };
  const sealed = (value: Successor | { lostAt: number }) => {
    const body = JSON.stringify(value);
    return `${JSON.stringify({ seal: fingerprint.of(body), body })}\n`;
  };

  function parseIntent(name: string, text: string): Intent | null {
    const json = tryJson(text.slice(0, HEADER_BYTES));
    refuseNewer(json, `${folder}/${name}`);
    const header = v.safeParse(headerSchema, json);
    if (!header.success) return wasWhole(text) ? damagedIntent(name, text) : null;
    return { ...header.output, ...roomOf(text) };
  }

  /** The header was written and is damaged now: something may have been sent under it, and its name says which token. */
  function damagedIntent(name: string, text: string): Intent | null {
    const [, fp, attempt] = /^([0-9a-f]+)\.(\d+)\.intent$/.exec(name) ?? [];
    if (fp === undefined) return null;
    const room = roomOf(text);
    const owner = { boot: "", pidNamespace: "", pid: 0, startedAt: "" };
    const at = room.successor?.at ?? room.lostAt ?? 0;
    return { version: 1, fp, attempt: Number(attempt), file: "", ids: [], at, owner, ...room };
  }

  function roomOf(text: string): Pick<Intent, "successor" | "lostAt"> {
    const end = text.indexOf("\n", HEADER_BYTES);
    const room = v.safeParse(sealedSchema, end === -1 ? undefined : tryJson(text.slice(HEADER_BYTES, end)));
    // A successor that is not whole was never durable: the answer counts as lost.
    if (!room.success || fingerprint.of(room.output.body) !== room.output.seal) return { successor: null };
    const body = tryJson(room.output.body);
    const successor = v.safeParse(successorSchema, body);
    const lost = v.safeParse(lostSchema, body);
    return {
      successor: successor.success ? successor.output : null,
      ...(lost.success ? { lostAt: lost.output.lostAt } : {}),
    };
  }

  const rewrite = (intent: Intent, successor: Successor): Promise<void> =>
    writeDurably(files, intentPath(intent.fp, intent.attempt), headerText(intent) + sealed(successor), random.id());

  /** Tombstones by file name. One never changes until it is removed, and 30 days of refreshes leave many. */
  const tombstones = new Map<string, Intent>();

  return {
    async load() {
      const intents: Intent[] = [];
      const copies: Copy[] = [];
      const torn: string[] = [];
      let names: readonly string[];
      try {
        names = await files.list(folder);
      } catch (error) {
        if (errorCode(error) !== "ENOENT") throw error;
        names = [];
      }
      const there = new Set(names);
      for (const name of tombstones.keys()) if (!there.has(name)) tombstones.delete(name);
      for (const name of [...names].sort()) {
        if (!/\.(intent|copy)$/.test(name)) continue;
        const known = tombstones.get(name);
        if (known !== undefined) {
          intents.push(known);
          continue;
        }
        const text = await readText(files, `${folder}/${name}`);
        if (text === null) continue;
        if (name.endsWith(".intent")) {
          const intent = parseIntent(name, text);
          if (intent === null) torn.push(name);
          else intents.push(intent);
          if (intent?.successor?.pair === null) tombstones.set(name, intent);
        } else {
          const json = tryJson(text);
          refuseNewer(json, `${folder}/${name}`);
          const copy = v.safeParse(copySchema, json);
          if (copy.success) copies.push(copy.output);
          else torn.push(name);
        }
      }
      return { intents, copies, torn };
    },

    async open(header) {
      const path = intentPath(header.fp, header.attempt);
      let file;
      try {
        file = await files.open(path, "createNew", 0o600);
      } catch (error) {
        if (errorCode(error) === "EEXIST") return null;
        throw error;
      }
      try {
        const text = headerText(header);
        await file.write(new TextEncoder().encode(text.padEnd(text.length + ROOM_BYTES)), 0);
        await file.sync();
        await files.syncFolder(folder);
      } catch (error) {
        await file.close().catch(() => undefined);
        await files.remove(path).catch(notRemoved);
        throw error;
      }
      const stands = async (): Promise<boolean> => {
        const [open, there] = [await file.stat(), await files.stat(path)];
        return open.dev === there.dev && open.ino === there.ino;
      };
      return {
        intent: { ...header, version: 1, successor: null },
        async succeed(successor) {
          await file.write(new TextEncoder().encode(sealed(successor)), HEADER_BYTES);
          await file.sync();
          if (!(await stands())) throw new LostIntent();
        },
        async lose(at) {
          await file.write(new TextEncoder().encode(sealed({ lostAt: at })), HEADER_BYTES);
        },
        close: () => file.close(),
        async takeBack() {
          const ours = await stands().catch((error: unknown) => {
            if (errorCode(error) !== "ENOENT") notRemoved(error);
            return false;
          });
          await file.close().catch(() => undefined);
          if (!ours) return;
          await removeIfThere(files, path);
          await files.syncFolder(folder);
        },
      };
    },

    async discard(fp, attempt) {
      await removeIfThere(files, intentPath(fp, attempt));
      await files.syncFolder(folder);
    },
    async discardTorn(name) {
      const path = `${folder}/${name}`;
      const text = await readText(files, path);
      if (text === null) return;
      if (name.endsWith(".intent") && isHalfWritten(text)) return removeIfThere(files, path);
      const aside = await renameAside(files, path);
      log.warn("a damaged file of the journal was set aside, what it kept cannot be used", { file: path, aside });
    },

    async keepCopy(copy) {
      await writeDurably(files, copyPath(copy.fp), JSON.stringify({ version: 1, ...copy }), random.id());
    },
    dropCopy: (fp) => removeIfThere(files, copyPath(fp)),

    scrub: async (intent) => {
      if (intent.successor !== null) await rewrite(intent, { ...intent.successor, pair: null });
    },
    async tidy(isOurs) {
      for (const name of await files.list(folder)) {
        const [fp = ""] = name.split(".", 1);
        if (name.endsWith(".tmp") && isOurs(fp)) await removeIfThere(files, `${folder}/${name}`);
      }
    },
    sync: () => files.syncFolder(folder),
    pathOf: (entry) => ("attempt" in entry ? intentPath(entry.fp, entry.attempt) : copyPath(entry.fp)),
    seal: rewrite,
  };
}

/** What was written stands under no name any more. */
class LostIntent extends Error {
  override readonly name = "LostIntent";
  readonly code = "ESTALE";
}

/** Nothing was sent before all of it was durable; of what a crash left half-written the end of the header is missing. */
function wasWhole(text: string): boolean {
  return text.length >= HEADER_BYTES && text[HEADER_BYTES - 1] === "\n" && !text.slice(0, HEADER_BYTES).includes("\0");
}

const HEADER_BEGINS = '{"version":1,"fp":"';

/** What a crash may leave of an intent, before anything was sent under it: the beginning of a header, or nothing in it yet. */
function isHalfWritten(text: string): boolean {
  const begun = text.slice(0, HEADER_BYTES).replace(/[\0 ]+$/, "");
  return text.slice(HEADER_BYTES).trim() === "" && (HEADER_BEGINS.startsWith(begun) || begun.startsWith(HEADER_BEGINS));
}

/** JSON in which a character is a byte. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The successor that came of redeeming `fp`, if any attempt was answered. */
export function successorOf(journal: JournalView, fp: string): Successor | null {
  return journal.intents.find((intent) => intent.fp === fp && intent.successor !== null)?.successor ?? null;
}

/** Attempts on `fp` of which the answer is not known, oldest first. None once one of them was answered. */
export function openIntents(journal: JournalView, fp: string): readonly Intent[] {
  const of = journal.intents.filter((intent) => intent.fp === fp);
  return of.some((intent) => intent.successor !== null) ? [] : [...of].sort((a, b) => a.attempt - b.attempt);
}

/** The pair of generation `fp`, if its tokens are still kept: the newest, where a refresh brought only a new access token. */
export function pairOf(journal: JournalView, fp: string): Pair | null {
  const made = journal.intents
    .flatMap(({ successor }) =>
      successor?.fp === fp && successor.pair !== null ? [{ at: successor.at, pair: successor.pair }] : [],
    )
    .sort((a, b) => b.at - a.at)[0]?.pair;
  const copy = journal.copies.find((each) => each.fp === fp)?.pair;
  if (made === undefined || copy === undefined) return made ?? copy ?? null;
  return copy.expires > made.expires ? copy : made;
}
