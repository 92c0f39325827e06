import type { NotificationKind } from "../../shared/login/notifications.ts";
import type { View } from "../../shared/view/view.ts";
import type { NotificationText } from "../../shared/words/notifications.ts";

/** How long something must last before anyone hears of it, for what may heal by itself. */
export type Patience =
  /** As long as the app was told to wait (`--notify-grace`). */
  { readonly kind: "grace" } | { readonly kind: "none" } | { readonly kind: "ms"; readonly ms: number };

/** Something that a person should hear of once, for as long as it lasts. */
export interface Episode {
  readonly kind: NotificationKind;
  /** The login that it is about; null = about all of them. */
  readonly id: string | null;
  /** What tells it from the next episode of the same kind and login. */
  readonly turn: string;
  /** Since when, if that is known (wall ms); null = since we first saw it. */
  readonly since: number | null;
  readonly patience: Patience;
  /** Made only when it is told: there may be thousands. */
  readonly text: () => NotificationText;
}

/** Says what lasts of one kind. Pure. @param now wall ms */
export type EpisodesOf = (view: View, now: number) => readonly Episode[];

/** @returns the name under which an episode is remembered. */
export function keyOf({ kind, id, turn }: Pick<Episode, "kind" | "id" | "turn">): string {
  return JSON.stringify([kind, id, turn]);
}
