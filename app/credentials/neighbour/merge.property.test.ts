import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generations, noneSpent } from "../../../sim/benches/credential-bench.ts";
import { doc, isSettled, NOW, outcome } from "../testing/pictures.ts";
import { firstPicture, foreignWrite, type Orphan, orphanOf, orphanWrite, ownWrite, type Picture } from "./merge.ts";

type Logins = Readonly<Record<string, string>>;

const IDS = ["a", "b", "c", "d", "e"];

/** One thing that happens. `who` decides from which earlier state a stale writer set out. */
interface Step {
  readonly by: "us" | "fresh writer" | "stale writer" | "orphan writer";
  readonly id: string;
  readonly removes: boolean;
  readonly who: number;
}

const steps = fc.array(
  fc.record({
    by: fc.constantFrom<Step["by"]>("us", "us", "fresh writer", "stale writer", "orphan writer"),
    id: fc.constantFrom(...IDS),
    removes: fc.boolean(),
    who: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  }),
  { minLength: 1, maxLength: 25 },
);

/** Plays a session at the level of whole contents, beside the pure functions that must come to the same. */
class Play {
  picture: Picture;
  expected: Logins;
  /** What stood at the path, oldest first. */
  readonly stood: Logins[] = [];
  readonly orphans: { orphan: Orphan; readonly held: Logins; readonly until: number; readonly wrote: Logins[] }[] = [];
  readonly #ours = new Map<string, string | undefined>();
  #count = 0;
  /** Which of `stood` we wrote last. */
  #own = -1;

  constructor(first: Logins) {
    this.picture = firstPicture(doc(first), NOW);
    this.expected = first;
    this.stood.push(first);
  }

  take({ by, id, removes, who }: Step): void {
    if (by === "us") this.refresh(id);
    else if (by === "fresh writer") this.foreign(this.expected, id, removes);
    else if (by === "stale writer") this.foreign(pick(this.stood, who) ?? {}, id, removes);
    else this.orphan(id, removes, who);
  }

  refresh(id: string): void {
    if (!(id in this.expected)) return;
    const next = this.changed(this.expected, id, false);
    this.write(next, [id]);
    this.expected = next;
    this.#ours.set(id, next[id]);
  }

  foreign(base: Logins, id: string, removes: boolean): void {
    if (removes && !this.tellable(base, id)) return;
    const content = this.changed(base, id, removes);
    this.picture = foreignWrite(this.picture, doc(content), NOW);
    // Late by others alone: it undoes what they wrote, as it would without us.
    const late = this.stood.indexOf(base) >= this.#own && base !== this.stood.at(-1) && base !== this.expected;
    const isOld = this.stood.some((each) => isSame(each, content));
    const before = this.expected[id];
    this.stood.push(content);
    this.expected = copied(this.expected, content, id);
    this.settle();
    if (!late) return;
    const standing = generations(this.picture.text);
    // What stood there before may as well have been written again by one who changed nothing: then the login is kept.
    if (!isOld || standing[id] !== before) expect(standing[id]).toBe(content[id]);
    this.expected = standing;
  }

  orphan(id: string, removes: boolean, who: number): void {
    const place = pick(this.orphans, who);
    const base = place && pick(this.stood.slice(0, place.until), (who * 7) % 1);
    if (place === undefined || base === undefined || (removes && !this.tellable(base, id, place.wrote))) return;
    const content = this.changed(base, id, removes);
    place.wrote.push(content);
    const merged = orphanWrite(this.picture, place.orphan, doc(content), noneSpent);
    this.picture = merged.picture;
    place.orphan = merged.orphan;
    const now = this.expected[id];
    if (now === place.held[id] || (this.#ours.has(id) && now === this.#ours.get(id))) {
      this.expected = copied(this.expected, content, id);
      this.#ours.set(id, content[id]);
    }
    this.settle();
  }

  /** What is to be put back or merged is written, as a session does it. */
  settle(): void {
    if (!isSettled(this.picture)) this.write(outcome(this.picture), []);
  }

  write(content: Logins, ids: readonly string[]): void {
    const held = this.stood.at(-1) ?? {};
    const orphan = orphanOf(this.picture, NOW);
    this.orphans.push({ orphan, held, until: this.stood.length, wrote: [] });
    this.picture = ownWrite(this.picture, doc(content), ids, true, NOW);
    this.#own = this.stood.length;
    this.stood.push(content);
  }

  changed(base: Logins, id: string, removes: boolean): Logins {
    const { [id]: _, ...rest } = base;
    this.#count += 1;
    return removes ? rest : { ...rest, [id]: `${id}${this.#count}` };
  }

  /**
   * Can a removal be told from what else could have led to the same content? Not where the login was gone at some time
   * since: then the content may equal a later state less another login.
   * @param beside what was written elsewhere since.
   */
  tellable(base: Logins, id: string, beside: readonly Logins[] = []): boolean {
    const since = [...this.stood.slice(this.stood.indexOf(base)), ...beside];
    return since.every((content) => id in content);
  }
}

const pick = <T>(list: readonly T[], fraction: number): T | undefined => list[Math.floor(fraction * list.length)];

const isSame = (one: Logins, other: Logins) => Object.keys({ ...one, ...other }).every((id) => one[id] === other[id]);

function copied(to: Logins, from: Logins, id: string): Logins {
  const { [id]: _, ...rest } = to;
  const value = from[id];
  return value === undefined ? rest : { ...rest, [id]: value };
}

describe("merging", () => {
  it("loses nothing of either side: neither our refreshes nor the one login of each other writer, stale or not", () => {
    fc.assert(
      fc.property(fc.subarray(IDS, { minLength: 1 }), steps, (ids, story) => {
        const play = new Play(Object.fromEntries(ids.map((id) => [id, `${id}0`])));
        for (const step of story) {
          play.take(step);
          expect(generations(play.picture.text)).toEqual(play.expected);
        }
      }),
      { numRuns: 1_500 },
    );
  }, 60_000);
});
