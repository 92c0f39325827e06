import type { View } from "../../shared/view/view.ts";
import { unexpectedText } from "../../shared/words/notifications.ts";
import type { EpisodesOf } from "./episode.ts";

/** @returns whether a keeper is at work, be it ours or another process. */
export function isKept({ role, problem }: Pick<View, "role" | "problem">): boolean {
  return role.name !== "starting" && problem === null;
}

/** An error that nobody expected met the app itself; told once, until the app starts anew. */
export const unexpectedEpisodes: EpisodesOf = (view) => {
  const { unexpectedAt } = view;
  if (unexpectedAt === null) return [];
  return [
    {
      kind: "unexpected",
      id: null,
      turn: "",
      since: unexpectedAt,
      patience: { kind: "none" },
      text: () => unexpectedText(isKept(view)),
    },
  ];
};
