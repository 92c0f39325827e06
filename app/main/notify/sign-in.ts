import { signInText } from "../../shared/words/notifications.ts";
import type { EpisodesOf } from "./episode.ts";

/** A login has ended: only a sign-in helps. */
export const signInEpisodes: EpisodesOf = ({ snapshot }, now) => {
  const logins = snapshot?.accounts ?? [];
  return logins
    .filter(({ state }) => state === "signIn")
    .map((login) => ({
      kind: "signIn",
      id: login.id,
      turn: "",
      since: null,
      patience: { kind: "grace" },
      text: () => signInText(login, logins, now),
    }));
};
