import type { Login } from "../../shared/login/snapshot.ts";
import { fitted, isolated, visible } from "../../shared/words/visible.ts";

/** UTF-16 units, as Windows counts what it cuts. */
const SHORT_LENGTH = 32;

/** @returns the name of a login for the tooltip: its label, with the provider where another of `all` has that label as well. */
export function shortNameOf({ id, provider, label }: Login, all: readonly Login[]): string {
  const isTold = label.trim() !== "" && all.every((other) => other.id === id || other.label !== label);
  return isolated(fitted(visible(isTold ? label : `${provider} ${label}`.trim()), SHORT_LENGTH));
}
