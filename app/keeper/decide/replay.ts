import { entriesOf, lookUp } from "../../shared/data/by-id.ts";
import { type Intent, type Successor } from "../notes/journal-text.ts";
import { type JournalView } from "../notes/journal-view.ts";
import { type Ledger, withLineage, withLogin, withToken } from "../notes/ledger.ts";

/**
 * Brings the ledger up to what the journal proves: each answered intent spent its token (I5). This is the only way in which
 * a refresh enters the ledger, so a crash between the two loses nothing. Folding twice changes nothing.
 *
 * @param file the hash of this credential file: intents of other files count only for tokens that stand here too.
 */
export function replayJournal(ledger: Ledger, journal: JournalView, file: string): Ledger {
  let folded = ledger;
  const answered = journal.intents
    .filter((intent) => intent.successor !== null)
    .sort((a, b) => answeredAt(a) - answeredAt(b));
  for (const intent of answered) {
    if (intent.successor !== null && (intent.file === file || lookUp(folded.tokens, intent.fp) !== undefined)) {
      folded = replayIntent(folded, intent, intent.successor);
    }
  }
  return folded;
}

const answeredAt = (intent: Intent): number => intent.successor?.at ?? 0;

function replayIntent(ledger: Ledger, intent: Intent, successor: Successor): Ledger {
  const sent = lookUp(ledger.tokens, intent.fp) ?? { seenAt: intent.at, lineage: intent.fp };
  const rotated = successor.fp !== intent.fp;
  if (rotated && sent.spentAt !== undefined) return ledger;
  if (!rotated && lookUp(ledger.lineages, sent.lineage)?.lastRefreshAt === successor.at) return ledger;

  let next = replayLineage(ledger, sent.lineage, successor);
  if (rotated) {
    // A foreign pair that came while the answer was under way took the successor's place, too; and what was signed out
    // meanwhile is signed out with its successor, so that the safe copy of that goes on its date.
    const { next: adopter, displacedAt, ...rest } = sent;
    const { removedAt, forgottenAt } = sent;
    const made = lookUp(next.tokens, successor.fp) ?? {
      seenAt: successor.at,
      lineage: sent.lineage,
      ...(successor.by401 ? { by401: true } : {}),
      ...(adopter !== undefined && displacedAt !== undefined ? { next: adopter, displacedAt } : {}),
      ...(removedAt === undefined ? {} : { removedAt }),
      ...(forgottenAt === undefined ? {} : { forgottenAt }),
    };
    next = withToken(withToken(next, successor.fp, made), intent.fp, {
      ...rest,
      spentAt: successor.at,
      next: successor.fp,
    });
  } else {
    // It lives: what was said of its end was wrong. A refused access token that brought this answer forces no second one.
    const { ended: _ended, triedAgainAt: _tried, ...rest } = sent;
    next = withToken(next, intent.fp, { ...rest, ...(successor.by401 ? { by401: true } : {}) });
  }
  for (const [id, login] of entriesOf(next.logins)) {
    if (login.current !== intent.fp) continue;
    next = withLogin(next, id, {
      ...login,
      current: successor.fp,
      lastRefresh: { at: successor.at, outcome: "refreshed" },
    });
  }
  return next;
}

function replayLineage(ledger: Ledger, id: string, successor: Successor): Ledger {
  const before = lookUp(ledger.lineages, id) ?? { startedAt: successor.at };
  const { accountUuid, lifetimeMs, loginLifetimeMs, at } = successor;
  const changed = accountUuid !== null && before.accountUuid !== undefined && before.accountUuid !== accountUuid;
  return withLineage(ledger, id, {
    ...before,
    lastRefreshAt: at,
    ...(lifetimeMs === null ? {} : { lifetimeMs }),
    ...(loginLifetimeMs === null ? {} : { loginEndsAt: at + loginLifetimeMs }),
    ...(accountUuid === null ? {} : { accountUuid }),
    ...(changed ? { accountChangedAt: at } : {}),
  });
}
