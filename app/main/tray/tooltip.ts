import { byNeed, isInTrouble } from "../../shared/login/need.ts";
import { oursOf } from "../../shared/login/rules.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import { isBusy } from "../../shared/view/busy.ts";
import { degreeOf } from "../../shared/view/degree.ts";
import type { View } from "../../shared/view/view.ts";
import { summaryOf } from "../../shared/words/status.ts";
import { busyClause, MENU, nextClause, othersClause, tooltipText, troubleClause } from "../../shared/words/tray.ts";
import { fitted, visible } from "../../shared/words/visible.ts";
import { shortNameOf } from "./names.ts";

/** UTF-16 units; Windows cuts at 127. */
const MOST = 120;
/** More never fit. */
const MOST_NAMES = 6;

/** @param now ms. @returns what stands over the icon: the logins that are worst off by name, and how many others there are. */
export function tooltipOf(view: View, now: number): string {
  const say = (...items: readonly string[]) => fitted(tooltipText(view.demo, items), MOST);
  if (view.ending) return say(MENU.quitting);
  if (view.problem !== null) return say(visible(view.problem));
  const { snapshot } = view;
  const ours = oursOf(snapshot?.accounts ?? []);
  const summary = summaryOf(snapshot, now).text;
  if (snapshot === null || snapshot.file.problem !== null || ours.length === 0) return say(summary);
  const unwell = byNeed(ours, now).filter((login) => isInTrouble(login, now));
  if (unwell.length === 0) return say(summary, ...nextOf(view, ours, now));
  const clauses = unwell
    .slice(0, MOST_NAMES)
    .map((login) => `${shortNameOf(login, ours)} ${troubleClause(login, now)}`);
  const texts = clauses.map((_, at) => {
    const others = othersClause(unwell.length - at - 1, ours.length - unwell.length);
    return tooltipText(view.demo, [...clauses.slice(0, at + 1), ...(others === null ? [] : [others])]);
  });
  return texts.findLast((text) => text.length <= MOST) ?? say(...clauses.slice(0, 1));
}

/** What is under way, else the next refresh. */
function nextOf(view: View, ours: readonly Login[], now: number): readonly string[] {
  if (degreeOf(view, now) === "working") {
    const atWork = ours.filter(({ id, state }) => state === "refreshing" || isBusy(view, id));
    return [busyClause(atWork.map((login) => shortNameOf(login, ours)))];
  }
  const [first] = ours
    .flatMap((login) => (login.nextRefreshAt === null ? [] : [{ login, at: login.nextRefreshAt }]))
    .filter(({ at }) => at > now)
    .sort((a, b) => a.at - b.at);
  return first === undefined ? [] : [nextClause(shortNameOf(first.login, ours), first.at, now)];
}
