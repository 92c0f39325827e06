import { lookUp } from "../../shared/data/by-id.ts";
import type { EngineContext } from "../context.ts";
import type { Facts } from "../decide/facts.ts";
import { erasable } from "../decide/kept-copies.ts";
import { openIntents } from "../notes/journal-view.ts";

/** Erases from the journal what nobody needs any more. Under the lock; facts must be recorded. @throws file errors. */
export async function erase({ journal }: EngineContext, facts: Facts): Promise<void> {
  for (const each of erasable(facts)) {
    switch (each.kind) {
      case "copy":
        await journal.dropCopy(each.fp);
        break;
      case "tokens":
        await journal.scrub(each.intent);
        break;
      case "intent":
        await journal.discard(each.fp, each.attempt);
        break;
      default:
        each satisfies never;
    }
  }
}

/** Under our lock nobody writes notes on tokens of this file: what a process left half-written holds tokens, too. */
export async function tidyJournal({ journal }: EngineContext, facts: Facts): Promise<void> {
  await journal.tidy(
    (fp) => lookUp(facts.ledger.tokens, fp) !== undefined && openIntents(facts.journal, fp).length === 0,
  );
}
