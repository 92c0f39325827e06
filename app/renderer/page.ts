import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type ById, lookUp, withEntry, withoutEntry } from "../shared/data/by-id.ts";
import { subjectOf } from "../shared/view/answers.ts";
import type { Bridge, Reply } from "../shared/view/contract.ts";
import type { Answer, View } from "../shared/view/view.ts";
import { PAGE } from "../shared/words/window.ts";
import { useNow } from "./clock.ts";

/** One call to main. */
export type Ask = (bridge: Bridge) => Promise<Reply<unknown>>;
/** Does something for the person; what came of it is shown at the login `target`, or under `ALL`. */
export type Act = (target: string, ask: Ask, done?: string) => void;

/** What every part of the page draws from. */
export interface Page {
  readonly view: View;
  /** ms. */
  readonly now: number;
  readonly act: Act;
  /** Asks main for something that changes nothing. */
  readonly ask: <T>(question: (bridge: Bridge) => Promise<Reply<T>>) => Promise<Reply<T>>;
  /** The newest that was said of `target`; null when there is nothing, or it is old news. */
  readonly answer: (target: string) => Answer | null;
}

/** What the page says by itself, and what it speaks of. */
interface OwnAnswer extends Answer {
  readonly subject: string;
}

export type Loading = { readonly kind: "loading" } | { readonly kind: "failed"; readonly sentence: string };

const OLD_NEWS_MS = 10 * 60_000;

/** @returns all that the page shows, kept up to date; until the first view is there, why it is not. */
export function usePage(bridge: Bridge): Page | Loading {
  const [view, setView] = useState<View | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  /** What the page itself has to say: a command that was refused, a text that was copied. */
  const [own, setOwn] = useState<ById<OwnAnswer>>({});
  const { now, look } = useNow();
  const shown = useRef(view);
  shown.current = view;

  useEffect(() => {
    // First listen, then ask: so no change falls in between. An event is newer than the answer.
    const stop = bridge.view((next) => {
      setView(next);
      look();
    });
    void reply(bridge.getView()).then((got) => {
      if (got.ok) setView((before) => before ?? got.value);
      else setFailure(got.sentence);
    });
    return stop;
  }, [bridge, look]);

  const act = useCallback<Act>(
    (target, ask, done) => {
      void reply(ask(bridge)).then((got) => {
        const sentence = got.ok ? done : got.sentence;
        const subject = shown.current === null ? "" : subjectOf(shown.current, target);
        // What was done now makes an earlier refusal old news.
        setOwn((before) =>
          sentence === undefined
            ? withoutEntry(before, target)
            : withEntry(before, target, { at: Date.now(), sentence, subject }),
        );
      });
    },
    [bridge],
  );

  const question = useCallback<Page["ask"]>((put) => reply(put(bridge)), [bridge]);

  if (view === null) return failure === null ? { kind: "loading" } : { kind: "failed", sentence: failure };
  return {
    view,
    now,
    act,
    ask: question,
    answer(target) {
      const mine = lookUp(own, target);
      return newest(lookUp(view.answers, target), mine?.subject === subjectOf(view, target) ? mine : undefined, now);
    },
  };
}

/** @returns the newer of two answers, unless both are old news. */
export function newest(a: Answer | undefined, b: Answer | undefined, now: number): Answer | null {
  const last = a === undefined || (b !== undefined && b.at > a.at) ? b : a;
  return last === undefined || now - last.at > OLD_NEWS_MS ? null : last;
}

/** A broken connection to the main process is an answer as well. */
async function reply<T>(asked: Promise<Reply<T>>): Promise<Reply<T>> {
  try {
    return await asked;
  } catch {
    return { ok: false, sentence: PAGE.noAnswer };
  }
}
