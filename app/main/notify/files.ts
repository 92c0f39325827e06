import { cannotWorkText, fileText } from "../../shared/words/notifications.ts";
import type { EpisodesOf } from "./episode.ts";

/** The credential file or our own notes cannot be used, so nothing is kept alive. */
export const fileEpisodes: EpisodesOf = ({ snapshot, problem }) => {
  const about = { kind: "files", id: null, since: null, patience: { kind: "grace" } } as const;
  if (problem !== null) return [{ ...about, turn: "keeper", text: () => cannotWorkText(problem) }];
  if (snapshot === null || snapshot.file.problem === null) return [];
  return [{ ...about, turn: snapshot.file.problemKind ?? "", text: () => fileText(snapshot.file) }];
};
