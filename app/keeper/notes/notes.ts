/** Our own notes on a credential file, as JSON: whole, missing, damaged, or of a version that we do not know. */

import * as v from "valibot";
import type { Clock } from "../../ports/clock.ts";
import { nameOf, readText, renameAside } from "../../ports/durable.ts";
import type { Files } from "../../ports/files.ts";
import type { Log } from "../../ports/log.ts";
import { ALL } from "../../shared/data/all.ts";
import { tryJson } from "../../shared/data/json.ts";
import { refuseNewer } from "../../shared/data/version.ts";
import type { HistoryEvent } from "../../shared/login/history.ts";

export type Notes<T> =
  | { readonly kind: "whole"; readonly value: T }
  | { readonly kind: "missing" }
  /** It says nothing that we could rely on: it is set aside at the next pass (`setAside`). */
  | { readonly kind: "damaged" };

/** @throws UserError (4) for notes of a newer version, which are left alone; file errors. */
export async function readNotes<S extends v.GenericSchema>(
  files: Files,
  path: string,
  schema: S,
): Promise<Notes<v.InferOutput<S>>> {
  const text = await readText(files, path);
  if (text === null) return { kind: "missing" };
  const json = tryJson(text);
  refuseNewer(json, path);
  const parsed = v.safeParse(schema, json);
  return parsed.success ? { kind: "whole", value: parsed.output } : { kind: "damaged" };
}

/** @returns what whole notes say; of others `empty`. */
export function valueOf<T>(notes: Notes<T>, empty: T): T {
  return notes.kind === "whole" ? notes.value : empty;
}

/**
 * Renames damaged notes, durably, so that new ones can be written without losing what is left of the old. Under the lock.
 * @returns what is to be told of it. @throws file errors.
 */
export async function setAside(
  { files, clock, log }: { readonly files: Files; readonly clock: Pick<Clock, "now">; readonly log: Pick<Log, "warn"> },
  paths: readonly string[],
): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for (const path of paths) {
    const aside = await renameAside(files, path);
    log.warn("a damaged file of ours was set aside", { file: path, aside });
    const what = { kind: "setAside", name: nameOf(path) } as const;
    events.push({ at: clock.now(), id: ALL, by: "us", what, fingerprint: null });
  }
  return events;
}

/** @returns the names of files of ours in this folder that were set aside. */
export async function asideIn(files: Files, folder: string): Promise<readonly string[]> {
  const names = await files.list(folder).catch(() => []);
  return names.filter((name) => /\.damaged-\d+$/.test(name)).sort();
}
