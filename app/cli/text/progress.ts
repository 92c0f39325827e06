import type { LogFields } from "../../ports/log.ts";
import { RULES } from "../../shared/login/rules.ts";
import type { Login, Snapshot } from "../../shared/login/snapshot.ts";
import { type LoginTransition, type Transition, transitions } from "../../shared/login/transitions.ts";
import type { Source } from "../../shared/settings.ts";
import { fileNews, GONE_NEWS, isNewPair, pingNews, refreshNews, stateNews } from "../../shared/words/run.ts";

/** What a keeper's lines depend on besides what changed. */
export interface Told {
  /** Tell also what other programs and the user did to the file; a keeper hears of that as events. */
  readonly others: boolean;
  /** Who named the credential file. */
  readonly authFileFrom: Source;
}

/** Something worth a line while a keeper runs. */
export interface ProgressLine {
  readonly level: "info" | "warn";
  /** The login it is about; null = the file. */
  readonly id: string | null;
  /** A few words for people, without the ID. */
  readonly msg: string;
  readonly fields: LogFields;
}

/** A line for each thing that is new in `after`. Pure. */
export function progress(before: Snapshot | null, after: Snapshot, told: Told): readonly ProgressLine[] {
  const all = transitions(before, after);
  const renewed = new Set(
    all.flatMap((each) =>
      each.kind === "refreshed" || (each.kind === "adopted" && told.others) ? [each.login.id] : [],
    ),
  );
  return (
    all
      // Where its refresh is told, that says it all.
      .filter((each) => each.kind !== "recovered" || !renewed.has(each.login.id))
      .flatMap((each) => lineOf(each, after.generatedAt, told) ?? [])
  );
}

function lineOf(each: Transition, now: number, { others, authFileFrom }: Told): ProgressLine | null {
  switch (each.kind) {
    case "fileUnusable":
    case "fileMissing":
    case "fileUsable":
      return fileLine(each, authFileFrom);
    case "refreshed":
    case "refreshFailed":
      return refreshLine(each.login, now);
    case "adopted":
      return others ? refreshLine(each.login, now) : null;
    case "gone":
      return others ? { level: "info", id: each.login.id, msg: GONE_NEWS, fields: {} } : null;
    case "pinged":
      return pingLine(each.login);
    case "appeared":
    case "signInNeeded":
    case "needsYou":
    case "retrying":
    case "unreadable":
    case "recovered":
    case "paused":
    case "resumed":
    case "remarked":
      return stateLine(each.login, now);
  }
}

function fileLine(each: Exclude<Transition, LoginTransition>, from: Source): ProgressLine {
  const level = each.kind === "fileUnusable" ? "warn" : "info";
  return { level, id: null, msg: fileNews(each, from), fields: {} };
}

function refreshLine(login: Login, now: number): ProgressLine | null {
  const { id, lastRefresh, nextRefreshAt } = login;
  if (lastRefresh === null) return null;
  const { outcome } = lastRefresh;
  const level = isNewPair(outcome) ? "info" : "warn";
  return { level, id, msg: refreshNews(outcome, login, now), fields: { outcome, nextRefreshAt } };
}

function stateLine(login: Login, now: number): ProgressLine {
  const { id, state, reasonKind = null, nextRefreshAt } = login;
  const { weight } = RULES[state];
  const level = weight === "well" || weight === "paused" ? "info" : "warn";
  const fields = { state, ...(reasonKind === null ? {} : { reasonKind }), nextRefreshAt };
  return { level, id, msg: stateNews(login, now), fields };
}

function pingLine({ id, lastPing }: Login): ProgressLine | null {
  if (lastPing === null) return null;
  const { outcome, mode } = lastPing;
  return { level: outcome === "ok" ? "info" : "warn", id, msg: pingNews(lastPing), fields: { outcome, mode } };
}
