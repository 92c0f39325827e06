/** One whole answer, cut at each of its bytes, in each way in which a connection can end. */
import type { Chance } from "../frame.ts";
import { FRAMINGS, type Framed, type Framing, framed, pairBody, type Tokens } from "./answers.ts";
import { notAs, notUnknown } from "./judge.ts";
import { attack, type Stage } from "./stage.ts";

export type CutBy = "end" | "drop" | "reset";

export interface Cut {
  readonly over: "http" | "https";
  readonly framing: Framing;
  readonly by: CutBy;
  /** So many bytes of the answer leave the server. */
  readonly at: number;
}

/** The tokens of the scripted authority are all of one length, so each answer is as long as this one. */
const SAMPLE: Tokens = { access: "a".repeat(53), refresh: "r".repeat(53) };
const answerFor = (framing: Framing, tokens: Tokens): Framed => framed(framing, pairBody(tokens), [40, 41, 120]);

/**
 * Full: every byte over http, over TLS every eleventh and all around the end of the content. Short: the byte
 * that makes the content whole, and one before it.
 */
export function cutsOf(form: "short" | "full", chance: Chance): readonly Cut[] {
  const ways: readonly Pick<Cut, "over" | "by">[] = [
    { over: "http", by: "end" },
    { over: "http", by: "reset" },
    { over: "https", by: "end" },
    { over: "https", by: "drop" },
    { over: "https", by: "reset" },
  ];
  return FRAMINGS.flatMap((framing) =>
    ways.flatMap(({ over, by }) => {
      const { bytes, wholeAt } = answerFor(framing, SAMPLE);
      const all = Array.from({ length: bytes.length + 1 }, (_, at) => at);
      const before = chance.pick([wholeAt - 1, chance.whole(0, wholeAt - 1)]);
      const few = over === "http" || by === "reset" ? [before, wholeAt] : [wholeAt];
      const many = all.filter((at) => over === "http" || at % 11 === 0 || Math.abs(at - wholeAt) < 4);
      const chosen = form === "short" ? few : many;
      return chosen.map((at) => ({ over, framing, by, at }));
    }),
  );
}

export async function playCut(stage: Stage, { over, framing, by, at }: Cut): Promise<void> {
  const { wholeAt, bytes } = answerFor(framing, SAMPLE);
  const name = `${over}, ${framing}, ${by} after ${at} of ${bytes.length} bytes (whole at ${wholeAt})`;
  await attack(
    stage,
    {
      name,
      over,
      answer: async (line, { redeem }) => {
        const all = answerFor(framing, redeem()).bytes;
        if (all.length !== bytes.length) throw new Error("the answer is not as long as it was planned");
        if (at > 0) await line.write(all.subarray(0, at));
        line[by]();
      },
    },
    (outcome) => (at >= wholeAt ? notAs("healthy", stage, outcome) : notUnknown(stage, outcome, at % 16 === 0)),
  );
}
