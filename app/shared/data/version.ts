import { UserError } from "./errors.ts";
import { isObject } from "./json.ts";

/** The version of every format that we write into the state dir. */
export const VERSION = 1;

/** @throws UserError (4): what a newer version wrote may mean something that we do not know, so nothing is sent. */
export function refuseNewer(json: unknown, path: string): void {
  if (!isObject(json) || !("version" in json) || !Number.isInteger(json.version) || Number(json.version) <= VERSION)
    return;
  throw new UserError(
    `${path} was written by a newer version of Pilot Light, so nothing was sent or changed. Use that version, or another --state-dir.`,
    4,
  );
}
