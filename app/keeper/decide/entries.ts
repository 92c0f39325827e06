/** An entry that we may keep alive. `fp` is null for an empty refresh token. */
import { type Entry, type GoodReading } from "../../ports/credential-file.ts";
import { type Fingerprint } from "../../ports/fingerprint.ts";
import { type Providers } from "../../ports/provider.ts";
export interface ManagedEntry {
  readonly entry: Extract<Entry, { kind: "oauth" }>;
  readonly fp: string | null;
  /** Of its access token. */
  readonly accessFp: string;
}

/** Those whose provider we know, and any other entry that holds the same refresh token. */
export function managedEntries(
  reading: GoodReading,
  providers: Providers,
  fingerprint: Fingerprint,
): readonly ManagedEntry[] {
  const oauth = reading.entries.filter((entry) => entry.kind === "oauth");
  const ours = new Set(oauth.filter((entry) => providers.has(entry.provider)).map((entry) => entry.pair.refresh));
  return oauth
    .filter((entry) => providers.has(entry.provider) || (entry.pair.refresh !== "" && ours.has(entry.pair.refresh)))
    .map((entry) => ({
      entry,
      fp: entry.pair.refresh === "" ? null : fingerprint.of(entry.pair.refresh),
      accessFp: fingerprint.of(entry.pair.access),
    }));
}
