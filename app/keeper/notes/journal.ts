/**
 * The journal: intents with the successors that came of them, and safe copies of pairs. Once per state dir.
 *
 *   journal/<fp>.<attempt>.intent   "we are about to redeem <fp>", with room reserved for the successor (I2)
 *   journal/<fp>.copy               a pair that another program wrote, kept until the next one is safe
 *
 * An intent that was answered stays as a tombstone without tokens: its name alone keeps a spent token from being sent again.
 */

import type { Clock, Random } from "../../ports/clock.ts";
import { nameOf, readText, removeIfThere, renameAside, writeDurably } from "../../ports/durable.ts";
import type { FileStat, Files } from "../../ports/files.ts";
import type { Fingerprint } from "../../ports/fingerprint.ts";
import type { Log } from "../../ports/log.ts";
import { errorCode, plainReason } from "../../shared/data/errors.ts";
import {
  type Copy,
  HEADER_BYTES,
  type Header,
  headerText,
  type Intent,
  isHalfWritten,
  parseCopy,
  parseIntent,
  ROOM_BYTES,
  type Successor,
  sealedText,
} from "./journal-text.ts";
import { type JournalView, journalView } from "./journal-view.ts";

/** How long an answer that was read is believed without a look at its file (`isSettled`). */
const BELIEVED_MS = 60_000;

export interface OpenIntent {
  readonly intent: Intent;
  /**
   * Writes and syncs the successor into the reserved room. @throws file errors, also when the intent no longer stands under its
   * name: a process that found us silent may have taken it for torn, and then nobody would find the successor.
   */
  succeed(successor: Successor): Promise<void>;
  /** Writes down that no answer will come. @throws file errors. */
  noteAnswerLost(at: number): Promise<void>;
  close(): Promise<void>;
  /** Nothing was sent: removes it, if it is still ours that stands under its name, and closes it. */
  takeBack(): Promise<void>;
}

export interface Journal {
  /** @throws UserError (4) for a file of a newer version; file errors. */
  load(): Promise<JournalView>;
  /** Creates the intent exclusively, durably, with room. null = someone else did. @throws file errors; nothing is left then. */
  open(header: Header): Promise<OpenIntent | null>;
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
  readonly clock: Pick<Clock, "monotonic">;
}): Journal {
  const { files, random, fingerprint, folder, log, clock } = deps;
  const notRemoved = (error: unknown): void =>
    log.warn("an intent under which nothing was sent could not be removed", { reason: plainReason(error) });
  const intentPath = (fp: string, attempt: number) => `${folder}/${fp}.${attempt}.intent`;
  const copyPath = (fp: string) => `${folder}/${fp}.copy`;

  /** What was read under a name, and how its file looked then. */
  const known = new Map<string, { readonly entry: Intent | Copy; readonly look: string }>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  const rewrite = async (path: string, text: string): Promise<void> => {
    known.delete(path);
    await writeDurably(files, path, text, random.id());
    known.delete(path);
  };
  const answer = (intent: Intent, successor: Successor) =>
    rewrite(intentPath(intent.fp, intent.attempt), headerText(intent) + sealedText(fingerprint, successor));

  /** @returns null for a file that has gone, or says nothing; the look is null then. @throws as `load`. */
  async function read(path: string): Promise<Intent | Copy | null | undefined> {
    const look = lookOf(await statOf(path));
    const text = await readText(files, path);
    if (text === null) return undefined;
    const entry = path.endsWith(".copy") ? parseCopy(path, text) : parseIntent(fingerprint, path, text);
    if (entry !== null && look !== null && (isCopy(entry) || isSettled(entry))) known.set(path, { entry, look });
    return entry;
  }

  async function statOf(path: string): Promise<FileStat | null> {
    try {
      return await files.stat(path);
    } catch (error) {
      if (errorCode(error) === "ENOENT") return null;
      throw error;
    }
  }

  return {
    async load() {
      let names: readonly string[];
      try {
        names = await files.list(folder);
      } catch (error) {
        if (errorCode(error) !== "ENOENT") throw error;
        names = [];
      }
      const paths = names
        .filter((name) => /\.(intent|copy)$/.test(name))
        .sort()
        .map((name) => `${folder}/${name}`);
      const there = new Set(paths);
      for (const path of known.keys()) if (!there.has(path)) known.delete(path);
      const mayBelieve = clock.monotonic() - lookedAt < BELIEVED_MS;
      if (!mayBelieve) lookedAt = clock.monotonic();
      const intents: Intent[] = [];
      const copies: Copy[] = [];
      const torn: string[] = [];
      for (const path of paths) {
        const before = known.get(path);
        const isSame =
          before !== undefined && ((mayBelieve && !isCopy(before.entry)) || lookOf(await statOf(path)) === before.look);
        if (before !== undefined && !isSame) known.delete(path);
        const entry = isSame ? before.entry : await read(path);
        if (entry === undefined) continue;
        if (entry === null) torn.push(nameOf(path));
        else if (isCopy(entry)) copies.push(entry);
        else intents.push(entry);
      }
      return journalView(intents, copies, torn);
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
          await file.write(new TextEncoder().encode(sealedText(fingerprint, successor)), HEADER_BYTES);
          await file.sync();
          if (!(await stands())) throw new LostIntent();
        },
        async noteAnswerLost(at) {
          await file.write(new TextEncoder().encode(sealedText(fingerprint, { lostAt: at })), HEADER_BYTES);
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
      await rewrite(copyPath(copy.fp), JSON.stringify({ version: 1, ...copy }));
    },
    dropCopy: (fp) => removeIfThere(files, copyPath(fp)),

    scrub: async (intent) => {
      if (intent.successor !== null) await answer(intent, { ...intent.successor, pair: null });
    },
    async tidy(isOurs) {
      for (const name of await files.list(folder)) {
        const [fp = ""] = name.split(".", 1);
        if (name.endsWith(".tmp") && isOurs(fp)) await removeIfThere(files, `${folder}/${name}`);
      }
    },
    sync: () => files.syncFolder(folder),
    pathOf: (entry) => ("attempt" in entry ? intentPath(entry.fp, entry.attempt) : copyPath(entry.fp)),
    seal: answer,
  };
}

/** What was written stands under no name any more. */
class LostIntent extends Error {
  override readonly name = "LostIntent";
  readonly code = "ESTALE";
}

const lookOf = (stat: FileStat | null): string | null =>
  stat === null ? null : `${stat.dev} ${stat.ino} ${stat.size} ${stat.mtimeNs}`;

const isCopy = (entry: Intent | Copy): entry is Copy => !("attempt" in entry);

/**
 * A token that was spent is never sent again, so its name is never used for another intent; its answer can only lose its pair,
 * once a newer generation, with a name of its own, is safe. Where the refresh token stayed the same, name and file come again.
 */
const isSettled = ({ fp, successor }: Intent): boolean => successor !== null && successor.fp !== fp;
