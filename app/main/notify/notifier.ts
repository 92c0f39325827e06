/** Tells people what they should hear of although they never open the window. */
import type { Clock } from "../../ports/clock.ts";
import type { View } from "../../shared/view/view.ts";
import { type NotificationText, togetherText } from "../../shared/words/notifications.ts";
import { dueNow, type Memory, withTold } from "./due.ts";
import type { Episode } from "./episode.ts";

export interface NotifierDeps {
  readonly view: { get(): View; onChange(listener: () => void): () => void };
  readonly clock: Pick<Clock, "now" | "monotonic" | "sleep">;
  readonly graceMs: number;
  readonly memory: { read(): Memory; write(memory: Memory): void };
  /** @returns whether it was shown: without a notification service it is tried again. Never rejects. */
  readonly show: (text: NotificationText, onClick: () => void) => Promise<boolean>;
  /** Opens the window, at a login if one is named. */
  readonly open: (id?: string) => void;
}

export interface Notifier {
  /** The system woke up: what failed meanwhile may heal in a moment. */
  wake(): void;
  stop(): void;
}

/** How soon a notification that nobody showed is tried again. */
const AGAIN_MS = 15_000;
/** The longest sleep: the clock may step. */
const LONGEST_MS = 60_000;

export function createNotifier({ view, clock, graceMs, memory, show, open }: NotifierDeps): Notifier {
  const stopping = new AbortController();
  let awakeAt = clock.monotonic();
  let looked = new AbortController();
  let known = memory.read();
  const remember = (next: Memory) => {
    if (JSON.stringify(next) !== JSON.stringify(known)) memory.write(next);
    known = next;
  };

  /** @returns how long nothing is to be told, unless the view changes. ms */
  const look = async (): Promise<number> => {
    const now = clock.now();
    // Told by the clock that nobody sets.
    const awakeSince = now - (clock.monotonic() - awakeAt);
    const { memory: after, due, nextAt } = dueNow(view.get(), known, { now, awakeSince, graceMs });
    remember(after);
    for (const together of byKind(due)) {
      const [first] = together;
      if (first === undefined) continue;
      const text = togetherText(
        first.kind,
        together.map((each) => each.text),
      );
      const shown = await show(text, () => open(first.id ?? undefined));
      if (!shown) return AGAIN_MS;
      remember(withTold(known, together));
    }
    return nextAt === null ? LONGEST_MS : Math.min(Math.max(nextAt - clock.now(), 0), LONGEST_MS);
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      looked = new AbortController();
      const wait = await look().catch(() => AGAIN_MS);
      await clock.sleep(wait, AbortSignal.any([looked.signal, stopping.signal]));
    }
  };
  const unwatch = view.onChange(() => looked.abort());
  void run();
  return {
    wake() {
      awakeAt = clock.monotonic();
      looked.abort();
    },
    stop() {
      unwatch();
      stopping.abort();
    },
  };
}

/** Several of one kind at once are told in one notification. */
function byKind(due: readonly Episode[]): readonly (readonly Episode[])[] {
  return [...new Set(due.map(({ kind }) => kind))].map((kind) => due.filter((each) => each.kind === kind));
}
