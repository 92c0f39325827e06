import { decisionText } from "../../shared/words/notifications.ts";
import type { EpisodesOf } from "./episode.ts";

/** A person must decide: an old copy came back, an entry was emptied, or another program uses the login. */
export const decisionEpisodes: EpisodesOf = ({ snapshot }) =>
  (snapshot?.accounts ?? []).flatMap((login, _at, all) => {
    const { id, state } = login;
    if (state !== "oldCopy" && state !== "wipedElsewhere" && state !== "shared") return [];
    return [
      {
        kind: "decision",
        id,
        turn: state,
        since: null,
        patience: { kind: "grace" },
        text: () => decisionText(state, login, all),
      },
    ];
  });
