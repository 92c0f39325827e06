import type { LogFields } from "../../ports/ports.ts";
import type { Source } from "../../shared/settings.ts";
import type { Account, Snapshot } from "../../shared/snapshot.ts";
import { stepFor } from "../../shared/words/file-problem.ts";
import { howToSignIn } from "../../shared/words/next-steps.ts";
import { inTime, STATE_WORDS } from "../../shared/words/words.ts";
import { fileWord } from "./table.ts";

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

/** What is new in `after`. Pure. */
export function progress(before: Snapshot | null, after: Snapshot, told: Told): readonly ProgressLine[] {
  const { others } = told;
  const now = after.generatedAt;
  const lines: ProgressLine[] = [...fileLines(before, after, told.authFileFrom)];
  const readable = after.file.format !== null;
  for (const account of after.accounts) {
    const old = before?.accounts.find(({ id }) => id === account.id);
    lines.push(...accountLines(old, account, now, others));
  }
  if (others && readable && before !== null) {
    for (const { id } of before.accounts) {
      if (after.accounts.some((account) => account.id === id)) continue;
      lines.push({ level: "info", id, msg: "no longer in the file", fields: {} });
    }
  }
  return lines;
}

/**
 * What to compare the next snapshot with: a login that is being refreshed counts as it was before, so that the line about it
 * can say what came of it.
 */
export function settled(before: Snapshot | null, after: Snapshot): Snapshot {
  const accounts = after.accounts.map((account) =>
    account.state === "refreshing" ? (before?.accounts.find(({ id }) => id === account.id) ?? account) : account,
  );
  return { ...after, accounts };
}

function fileLines(before: Snapshot | null, { file }: Snapshot, from: Source): readonly ProgressLine[] {
  const old = before?.file;
  if (old !== undefined && old.problem === file.problem && (old.format === null) === (file.format === null)) return [];
  if (file.problem !== null) {
    const next = stepFor(file);
    const msg = `${file.path}: ${file.problem}; nothing is refreshed or written${next === null ? "" : `. ${next}`}`;
    return [{ level: "warn", id: null, msg, fields: {} }];
  }
  if (file.format === null) {
    const [first = "", ...rest] = howToSignIn(from);
    const msg = `no ${fileWord(from)} yet; ${first.toLowerCase()}${rest.join("")}`;
    return [{ level: "info", id: null, msg, fields: {} }];
  }
  return old === undefined
    ? []
    : [
        {
          level: "info",
          id: null,
          msg: `${from === "default" ? "" : "the "}${fileWord(from)} can be read`,
          fields: {},
        },
      ];
}

function accountLines(
  old: Account | undefined,
  account: Account,
  now: number,
  others: boolean,
): readonly ProgressLine[] {
  const { id, state, lastRefresh, lastPing, nextRefreshAt, reason } = account;
  const lines: ProgressLine[] = [];
  const next = nextRefreshAt === null || nextRefreshAt <= now ? "" : `, next ${inTime(nextRefreshAt, now)}`;
  const refreshed = old !== undefined && lastRefresh !== null && lastRefresh.at !== old.lastRefresh?.at;
  const newOutcome = refreshed && (others || lastRefresh.outcome !== "adopted");
  if (newOutcome) {
    const { outcome } = lastRefresh;
    const well = outcome === "refreshed" || outcome === "adopted";
    const msg = REFRESH_WORDS[outcome] + (well ? next : "");
    lines.push({ level: well ? "info" : "warn", id, msg, fields: { outcome, nextRefreshAt } });
  }
  const passing = state === "due" || state === "refreshing";
  const was = old === undefined ? null : calm(old.state);
  if (was !== calm(state) || (old !== undefined && old.reason !== reason && reason !== null)) {
    const comesBack = calm(state) === "healthy" && newOutcome;
    const msg = reason ?? `${STATE_WORDS[state]}${passing ? "" : next.replace(", next ", ", refreshes ")}`;
    const level = calm(state) === "healthy" || state === "paused" || state === "unmanaged" ? "info" : "warn";
    if (!comesBack) lines.push({ level, id, msg, fields: { state, nextRefreshAt } });
  }
  if (old !== undefined && lastPing !== null && lastPing.at !== old.lastPing?.at && lastPing.outcome !== "skipped") {
    const { outcome, mode } = lastPing;
    lines.push({
      level: outcome === "ok" ? "info" : "warn",
      id,
      msg: `ping (${mode}): ${outcome}`,
      fields: { outcome, mode },
    });
  }
  return lines;
}

/** A refresh passes through these; only what comes of it is worth a line. */
function calm(state: Account["state"]): Account["state"] {
  return state === "due" || state === "refreshing" ? "healthy" : state;
}

const REFRESH_WORDS: Readonly<Record<NonNullable<Account["lastRefresh"]>["outcome"], string>> = {
  refreshed: "refreshed",
  adopted: "a newer login was found in the file",
  transient: "not refreshed this time",
  "rate-limited": "not refreshed: the provider asks to wait",
  unknown: "the answer to a refresh was lost",
  rejected: "the provider says that this login has ended",
};
