import { triesAgain } from "../../shared/login/rules.ts";
import { failingText } from "../../shared/words/notifications.ts";
import type { EpisodesOf } from "./episode.ts";

const PATIENCE_MS = 2 * 3_600_000;

/** The access of a login has expired and its refresh fails, again and again. */
export const failingEpisodes: EpisodesOf = ({ snapshot }, now) => {
  const all = snapshot?.accounts ?? [];
  return all
    .filter(({ state, accessExpiresAt }) => triesAgain(state) && (accessExpiresAt ?? 0) <= now)
    .map((login) => ({
      kind: "failing",
      id: login.id,
      turn: "",
      since: login.accessExpiresAt,
      patience: { kind: "ms", ms: PATIENCE_MS },
      text: () => failingText(login, all, now),
    }));
};
