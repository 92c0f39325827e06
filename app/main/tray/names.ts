import type { Login } from "../../shared/login/snapshot.ts";
import { loginName } from "../../shared/words/status.ts";
import { fitted, shortened, visible } from "../../shared/words/visible.ts";

const NAME_LENGTH = 48;
/** UTF-16 units, as Windows counts what it cuts. */
const SHORT_LENGTH = 32;
/** Around a name that is written from right to left, so that it does not turn the whole line round. */
const ISOLATE = { start: "\u2068", end: "\u2069" } as const;
const FROM_RIGHT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** @returns the name of a login for a line of the menu. */
export function nameOf(login: Login): string {
  return isolated(shortened(visible(loginName(login)), NAME_LENGTH));
}

/** @returns the same for the tooltip: its label, with the provider where another of `all` has that label as well. */
export function shortNameOf({ id, provider, label }: Login, all: readonly Login[]): string {
  const isTold = label.trim() !== "" && all.every((other) => other.id === id || other.label !== label);
  return isolated(fitted(visible(isTold ? label : `${provider} ${label}`.trim()), SHORT_LENGTH));
}

function isolated(name: string): string {
  return FROM_RIGHT.test(name) ? `${ISOLATE.start}${name}${ISOLATE.end}` : name;
}
