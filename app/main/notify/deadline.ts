import { isManaged } from "../../shared/login/rules.ts";
import { deadlineText } from "../../shared/words/notifications.ts";
import type { EpisodesOf } from "./episode.ts";

const DAY = 86_400_000;
/** So many days before a login ends it is told of, the nearest first. */
const DAYS_BEFORE = [1, 3, 7] as const;

/** The provider's deadline comes near: no refresh moves it. */
export const deadlineEpisodes: EpisodesOf = ({ snapshot }, now) =>
  (snapshot?.accounts ?? []).flatMap((login, _at, all) => {
    const { id, state, loginEndsAt: end } = login;
    if (end === null || end <= now || state === "signIn" || !isManaged(state)) return [];
    const days = DAYS_BEFORE.find((each) => end - now <= each * DAY);
    if (days === undefined) return [];
    // The day of the deadline, for its last digits differ from answer to answer.
    const turn = `${Math.round(end / DAY)}/${days}`;
    return [
      {
        kind: "deadline",
        id,
        turn,
        since: null,
        patience: { kind: "none" },
        text: () => deadlineText(login, all, end, now),
      },
    ];
  });
