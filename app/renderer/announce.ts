import { useEffect, useRef, useState } from "preact/hooks";
import { weightOf } from "../shared/login/rules.ts";
import type { Login, Snapshot } from "../shared/login/snapshot.ts";
import { baseline } from "../shared/login/transitions.ts";
import { backSentence, changeSentence } from "../shared/words/card.ts";
import { signedInAgain } from "../shared/words/state.ts";
import { loginName, summaryOf } from "../shared/words/status.ts";
import { capital } from "../shared/words/times.ts";
import { visible } from "../shared/words/visible.ts";
import type { Page } from "./page.ts";

/**
 * For a live region: what is heard of a change of logins, once. What a person asked for is answered at its row.
 * @returns the newest; "" before the first.
 */
export function useAnnouncement({ view: { snapshot }, now }: Pick<Page, "view" | "now">): string {
  const [said, setSaid] = useState("");
  const before = useRef<Snapshot | null>(null);
  useEffect(() => {
    if (snapshot === null) return;
    const after = baseline(before.current, snapshot);
    const news = newsOf(before.current, after, now);
    before.current = after;
    if (news !== "") setSaid(news);
  }, [snapshot]);
  return said;
}

/** @returns which logins weigh otherwise than before, and how all of them are where that is new; "" = nothing. */
export function newsOf(before: Snapshot | null, after: Snapshot, now: number): string {
  const all = summaryOf(after, now).text;
  if (before === null) return capital(all);
  const changed = after.accounts.flatMap((login) => {
    const old = before.accounts.find(({ id }) => id === login.id);
    const name = visible(loginName(login));
    if (isBack(login, now) && (old === undefined || !isBack(old, now))) return [backSentence(name)];
    const isNews = old !== undefined && weightOf(old) !== weightOf(login);
    return isNews ? [changeSentence(name, login)] : [];
  });
  const whole = all === summaryOf(before, now).text ? [] : [capital(all)];
  return [...changed, ...whole].join(". ");
}

function isBack(login: Login, now: number): boolean {
  return signedInAgain(login, now) !== null;
}
