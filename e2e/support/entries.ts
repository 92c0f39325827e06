/** An entry as opencode writes it. */
import { type Pair } from "../../app/ports/credential-file.ts";
export function oauthEntry({ refresh, access, expires }: Pair): Readonly<Record<string, unknown>> {
  return { type: "oauth", refresh, access, expires };
}

/** The same login, its access token expired an hour ago. */
export function expired({ access, refresh }: Pair): Pair {
  return { access, refresh, expires: Date.now() - 3_600_000 };
}
