import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bench, flat, generations, heal, PATH, plan, spent } from "../../../sim/benches/credential-bench.ts";
import type { SimWriter } from "../../../sim/world/files.ts";

/** What one write of opencode does: sets a key of its own, or signs an old login out. */
interface Write {
  readonly id: string;
  readonly value: string | null;
}

const KEPT = ["w0", "w1", "w2", "w3", "w4", "w5"];

/** opencode, one write after the other, in the steps in which the real one does it: read, open, write, cut. */
class Opencode {
  readonly #writes: Write[];
  readonly #disk: ReturnType<typeof bench>["files"];
  #step = 0;
  #text = "";
  #inode: SimWriter | null = null;

  constructor(disk: ReturnType<typeof bench>["files"], writes: readonly Write[]) {
    this.#disk = disk;
    this.#writes = [...writes];
  }

  step(): void {
    const [write] = this.#writes;
    if (write === undefined) return;
    this.#step += 1;
    if (this.#step === 1) {
      const content = JSON.parse(this.#disk.readText(PATH) ?? "{}") as Record<string, unknown>;
      if (write.value === null) delete content[write.id];
      else content[write.id] = { type: "api", key: write.value };
      this.#text = JSON.stringify(content, null, 2);
    } else if (this.#step === 2) {
      this.#inode = this.#disk.openInode(PATH);
    } else if (this.#step === 3) {
      this.#inode?.overwrite(this.#text);
    } else {
      this.#inode?.truncate(new TextEncoder().encode(this.#text).length);
      this.#writes.shift();
      this.#step = 0;
    }
  }
}

// Each login is touched once. A sign-out of what is not there would be a write that changes nothing: such a one, made from
// an old state, looks exactly like a sign-out of what came since.
const writes = fc
  .uniqueArray(fc.constantFrom(...KEPT, "n0", "n1", "n2"), { minLength: 1, maxLength: 4 })
  .chain((ids) => fc.tuple(...ids.map((id) => fc.tuple(fc.constant(id), fc.boolean()))))
  .map((list) => list.map(([id, out]): Write => ({ id, value: out && KEPT.includes(id) ? null : `new-${id}` })));

describe("a session beside a running opencode", () => {
  it("loses neither our refreshes nor any of its writes, wherever its steps fall between ours", async () => {
    await fc.assert(
      fc.asyncProperty(
        writes,
        // How many steps of opencode come before each of our first operations.
        fc.array(fc.nat({ max: 2 }), { maxLength: 120 }),
        // How fast opencode is later, ms a step.
        fc.constantFrom(50, 11, 3),
        fc.boolean(),
        async (wanted, pace, beat, twoCommits) => {
          const first = { a: "a1", b: "b1", ...Object.fromEntries(KEPT.map((id) => [id, { type: "api", key: id }])) };
          const { file, files, clock, leftovers } = bench(flat(first));
          const opencode = new Opencode(files, wanted);
          const steps = [...pace];
          files.setGate(() => {
            for (let count = steps.shift() ?? 0; count > 0; count -= 1) opencode.step();
          });
          for (let at = 200; at < 1_500; at += beat) clock.at(at, () => opencode.step());

          const session = file.openSession();
          await session.prepare();
          expect((await session.commit(plan("a", "a1", "a2"))).kind).toBe("written");
          if (twoCommits) expect((await session.commit(plan("b", "b1", "b2"))).kind).toBe("written");
          const put = heal("a", ["a1", "a2"]);
          const isSpent = twoCommits ? spent("a1", "b1") : spent("a1");
          await session.watch(3_000, put, isSpent);
          await session.close();

          const expected: Record<string, string> = {
            ...generations(flat(first)),
            a: "a2",
            b: twoCommits ? "b2" : "b1",
          };
          for (const { id, value } of wanted) {
            if (value === null) delete expected[id];
            else expected[id] = value;
          }
          expect(generations(files.readText(PATH))).toEqual(expected);
          expect([leftovers(), files.openHandles()]).toEqual([[], 0]);
        },
      ),
      { numRuns: 600 },
    );
  }, 60_000);
});
