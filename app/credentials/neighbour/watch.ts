/**
 * The watch over the path and over every inode that a session replaced (I9). Only this folder decides on entries that are not
 * ours.
 */
import { type ChangePlan } from "../../ports/credential-file.ts";
import { type OpenFile } from "../../ports/files.ts";
import { errorCode } from "../../shared/data/errors.ts";
import type { CredentialDocument } from "../read/document.ts";
import { decodeText, parseDocument } from "../read/parse.ts";
import { closeQuietly, MAX_BYTES, type ReadContext, readWhole } from "../read/stable-read.ts";
import { foreignWrite, type IsSpent, type Orphan, orphanWrite, type Picture, stillStands } from "./merge.ts";

const POLL_MS = 20;
/** Right after a write of ours, since who read before it writes a few ms after it. */
const CLOSE_POLL_MS = 4;
const CLOSE_MS = 100;
/** New content is acted on when two looks in a row showed it; where it changes all the time, after so long. */
const RESTLESS_MS = 100;
/** Content that is unclear at the end is looked at for so much longer. */
const LINGER_MS = 2_000;
/** No watch is longer, whatever the others do. */
const LONGEST_MS = 30_000;
const RETRY_MS = 250;

/** An inode that we replaced: whoever had opened it may still write into it. */
export interface Kept {
  readonly handle: OpenFile;
  /** The text that was last taken into the picture. */
  seen: string;
  orphan: Orphan;
}

export interface Watched extends ReadContext {
  picture(): Picture;
  setPicture(picture: Picture): void;
  kept(): readonly Kept[];
  /** Monotonic ms of our last write. */
  lastWrite(): number;
  /** Writes what is wanted and what `plan` asks for. @returns false when that must be tried again. */
  reconcile(plan: ChangePlan, isSpent: IsSpent): Promise<boolean>;
}

/** Resolves `ms` after the last write of ours, when nothing unclear is left, or when it has been long enough. */
export async function watchWrites(watched: Watched, ms: number, plan: ChangePlan, isSpent: IsSpent): Promise<void> {
  const { clock } = watched;
  const start = clock.monotonic();
  // Since when something is to be done, if so; and not before `retryAt`.
  let since: number | null = start;
  let retryAt = start;
  for (;;) {
    const lookedAt = clock.monotonic();
    const look = await lookAround(watched, isSpent);
    const now = clock.monotonic();
    if (look.news) since ??= now;
    if (since !== null && now >= retryAt && (!look.news || now - since >= RESTLESS_MS)) {
      const done = await watched.reconcile(plan, isSpent);
      since = done ? null : since;
      retryAt = clock.monotonic() + (done ? 0 : RETRY_MS);
    }
    const open = look.unclear || since !== null;
    if (watchIsOver({ lookedAt, start, end: watched.lastWrite() + ms, open })) return;
    await clock.sleep(clock.monotonic() - watched.lastWrite() < CLOSE_MS ? CLOSE_POLL_MS : POLL_MS);
  }
}

/**
 * Takes all new content into the picture, also what stands only for a moment: each state that we miss makes it harder to
 * tell what the next writer did. `news`: there was some. `unclear`: something is half written.
 */
async function lookAround(watched: Watched, isSpent: IsSpent): Promise<{ news: boolean; unclear: boolean }> {
  let news = false;
  let unclear = false;
  const note = (glance: Glance): CredentialDocument | null => {
    unclear ||= glance === "unclear";
    news ||= typeof glance !== "string";
    return typeof glance === "string" ? null : glance;
  };
  const now = watched.clock.monotonic();
  const glance = glanceAt(watched.picture().text, await textAtPath(watched));
  const here = note(glance);
  if (here !== null) watched.setPicture(foreignWrite(watched.picture(), here, now));
  else if (glance === "same") watched.setPicture(stillStands(watched.picture(), now));
  for (const kept of watched.kept()) {
    const there = note(glanceAt(kept.seen, await textIn(kept.handle)));
    if (there === null) continue;
    const merged = orphanWrite(watched.picture(), kept.orphan, there, isSpent);
    kept.seen = there.text;
    kept.orphan = merged.orphan;
    watched.setPicture(merged.picture);
  }
  return { news, unclear };
}

/** Writing may take long, so it counts when the last look began: nothing before the end is missed. */
function watchIsOver(at: {
  readonly lookedAt: number;
  readonly start: number;
  readonly end: number;
  readonly open: boolean;
}): boolean {
  if (at.lookedAt >= at.start + LONGEST_MS || at.lookedAt >= at.end + LINGER_MS) return true;
  return at.lookedAt >= at.end && !at.open;
}

type Text = { readonly kind: "text"; readonly text: string } | { readonly kind: "unclear" } | { readonly kind: "gone" };
/** "same" = nothing new; "unclear" = look again; else new, whole content. */
type Glance = CredentialDocument | "same" | "unclear";

function glanceAt(seen: string, look: Text): Glance {
  if (look.kind === "gone") return "same";
  if (look.kind === "unclear") return "unclear";
  if (look.text === seen) return "same";
  const parsed = parseDocument(look.text);
  return parsed.kind === "document" ? parsed.document : "unclear";
}

async function textAtPath({ files, path }: ReadContext): Promise<Text> {
  let handle: OpenFile;
  try {
    handle = await files.open(path, "read");
  } catch (error) {
    return { kind: errorCode(error) === "ENOENT" ? "gone" : "unclear" };
  }
  try {
    return await textIn(handle);
  } finally {
    await closeQuietly(handle);
  }
}

async function textIn(handle: OpenFile): Promise<Text> {
  try {
    const bytes = await readWhole(handle);
    const decoded = bytes.length > MAX_BYTES ? null : decodeText(bytes);
    return decoded !== null && "text" in decoded ? { kind: "text", text: decoded.text } : { kind: "unclear" };
  } catch {
    return { kind: "unclear" };
  }
}
