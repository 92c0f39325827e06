import { pingStopText } from "../../shared/words/notifications.ts";
import type { EpisodesOf } from "./episode.ts";

/** Message pings stopped by themselves: the provider does not want them. */
export const pingEpisodes: EpisodesOf = ({ snapshot, pings }) => {
  if (pings?.mode !== "message") return [];
  return (snapshot?.accounts ?? []).flatMap((login, _at, all) => {
    const { id, pingStop: stop } = login;
    if (stop === undefined) return [];
    return [
      {
        kind: "pings",
        id,
        turn: stop.kind,
        since: null,
        patience: { kind: "none" },
        text: () => pingStopText(login, all, stop),
      },
    ];
  });
};
