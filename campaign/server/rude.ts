/** Servers that speak out of turn, too much, too slowly or never. */
import { setTimeout as pause } from "node:timers/promises";
import { brotliCompressSync, constants, deflateSync, gzipSync } from "node:zlib";
import { type Line, startRawServer } from "../support/raw-server.ts";
import { answer, framed, pairBody } from "./answers.ts";
import { alwaysWrong, type Fate, notAs, notUnknown } from "./judge.ts";
import { type Act, type AnswerIt, attack, type Outcome, type Stage } from "./stage.ts";

interface Rude {
  readonly name: string;
  readonly answer: AnswerIt;
  readonly fate: Fate;
  /** It takes as long as an answer may. */
  readonly slow?: true;
}

const ok = (extra: string): string => `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${extra}`;
const JSON_TYPE = { "Content-Type": "application/json" };
const spaces = (): Buffer => Buffer.alloc(64 * 1024 * 1024, " ");

/** Writes until the other side has had enough. */
async function flood(line: Line, piece: Buffer | string, most: number): Promise<void> {
  let gone = false;
  void line.closed.then(() => (gone = true));
  for (let sent = 0; sent < most && !gone; sent += piece.length) await line.write(piece).catch(() => (gone = true));
  line.end();
}

const packed = (name: string, encoding: string, bytes: () => Buffer): Rude => ({
  name,
  fate: "outcomeUnknown",
  answer: async (line, { redeem }) => {
    redeem();
    await line.write(answer(200, { ...JSON_TYPE, "Content-Encoding": encoding }, bytes()));
    line.end();
  },
});

const pours = (name: string, head: string, piece: Buffer | string, most: number): Rude => ({
  name,
  fate: "outcomeUnknown",
  answer: async (line, { redeem }) => {
    redeem();
    await line.write(head);
    await flood(line, piece, most);
  },
});

const whole = ({ redeem }: Act): Buffer => framed("length", pairBody(redeem())).bytes;

const MIB = 1024 * 1024;
const RUDE: readonly Rude[] = [
  packed("a gzip bomb", "gzip", () => gzipSync(spaces())),
  packed("a deflate bomb", "deflate", () => deflateSync(spaces())),
  packed("a brotli bomb", "br", () =>
    brotliCompressSync(spaces(), { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }),
  ),
  packed("bytes that are not packed as they say", "gzip", () => Buffer.from("no gzip")),
  packed("a packing that nobody knows", "zstd, gzip, gzip", () => gzipSync("{}")),
  pours("2 MiB that say so", ok(`Content-Length: ${2 * MIB}\r\n\r\n`), Buffer.alloc(MIB, " "), 2 * MIB),
  pours("200 MiB without an end", ok("Connection: close\r\n\r\n"), Buffer.alloc(MIB, " "), 200 * MIB),
  pours("chunks without end", ok("Transfer-Encoding: chunked\r\n\r\n"), "1\r\n \r\n".repeat(20_000), 200 * MIB),
  pours("a chunk extension without end", ok("Transfer-Encoding: chunked\r\n\r\n1;"), "x".repeat(MIB), 200 * MIB),
  pours("headers without end", ok(""), "X-More: yes\r\n".repeat(5_000), 200 * MIB),
  pours("one header without end", ok("X-More: "), "y".repeat(MIB), 200 * MIB),
  pours("one status line without end", "HTTP/1.1 200 ", "O".repeat(MIB), 200 * MIB),
  pours("what is not HTTP", "SSH-2.0-OpenSSH_9\r\n", "no\r\n", 4_000),
  pours("HTTP/2", "", Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]), 9),
  pours("a length that contradicts itself", ok("Content-Length: 5\r\nContent-Length: 6\r\n\r\n"), "{}   ", 5),
  pours("a length below nothing", ok("Content-Length: -1\r\n\r\n"), "{}", 2),
  {
    name: "100 Continue three times, then the answer",
    fate: "healthy",
    answer: async (line, act) => {
      await line.write("HTTP/1.1 100 Continue\r\n\r\n".repeat(3));
      await line.write(whole(act));
      line.end();
    },
  },
  {
    name: "103 with links, then the answer",
    fate: "healthy",
    answer: async (line, act) => {
      await line.write("HTTP/1.1 103 Early Hints\r\nLink: </elsewhere>\r\n\r\n");
      await line.write(whole(act));
      line.end();
    },
  },
  pours("100 Continue without end", "", "HTTP/1.1 100 Continue\r\n\r\n".repeat(4_000), 40 * MIB),
  {
    name: "two answers, and the second is another's",
    fate: "healthy",
    answer: async (line, act) => {
      const second = framed("length", pairBody({ access: "planted-other", refresh: "planted-other-refresh" })).bytes;
      await line.write(Buffer.concat([whole(act), second]));
      line.end();
    },
  },
  {
    name: "an answer, then noise",
    fate: "healthy",
    answer: async (line, act) => {
      await line.write(Buffer.concat([whole(act), Buffer.alloc(5_000, 0xff)]));
      line.reset();
    },
  },
  {
    name: "an answer in single bytes",
    fate: "healthy",
    answer: async (line, act) => {
      for (const byte of whole(act)) {
        await line.write(Uint8Array.of(byte));
        await pause(1);
      }
      line.end();
    },
  },
  {
    name: "an answer, and the connection stays open",
    fate: "healthy",
    answer: async (line, act) => line.write(whole(act)),
  },
  {
    name: "a byte a second",
    fate: "outcomeUnknown",
    slow: true,
    answer: async (line, act) => {
      let gone = false;
      void line.closed.then(() => (gone = true));
      for (const byte of whole(act)) {
        if (gone) return;
        await line.write(Uint8Array.of(byte)).catch(() => (gone = true));
        await pause(1_000);
      }
    },
  },
  {
    name: "nothing, ever",
    fate: "outcomeUnknown",
    slow: true,
    answer: (_, act) => void act.redeem(),
  },
  {
    name: "a whole content, a frame that never ends",
    fate: "healthy",
    slow: true,
    answer: async (line, { redeem }) => line.write(framed("tooLong", pairBody(redeem())).bytes),
  },
  {
    name: "a whole content, and its last chunk never comes",
    fate: "healthy",
    slow: true,
    answer: async (line, { redeem }) => {
      const { bytes, wholeAt } = framed("chunked", pairBody(redeem()));
      await line.write(bytes.subarray(0, wholeAt));
    },
  },
  {
    name: "a whole content, and no length, and no end",
    fate: "healthy",
    slow: true,
    answer: async (line, { redeem }) => line.write(framed("close", pairBody(redeem())).bytes),
  },
];

/** Deadline of an answer, and what a busy machine adds to a whole pass. */
const LONGEST_MS = 120_000;

function judgeOf(stage: Stage, fate: Rude["fate"]): (outcome: Outcome) => Promise<string | null> | string | null {
  return (outcome) => {
    if (outcome.pass.ms > LONGEST_MS) return `it took ${Math.round(outcome.pass.ms / 1000)} s`;
    return fate === "outcomeUnknown" ? notUnknown(stage, outcome, true) : notAs(fate, stage, outcome);
  };
}

export type Job = () => Promise<void>;

/** Everything in here, as jobs; the slow ones first, since they only wait. */
export function rudeJobs(stage: Stage): readonly Job[] {
  const all = RUDE.toSorted((a, b) => Number(b.slow ?? false) - Number(a.slow ?? false));
  const few = all.filter(({ slow }) => slow !== true).filter((_, at) => at % 4 === stage.chance.whole(0, 3));
  const jobs = (stage.plan.form === "short" ? few : all).map(
    ({ name, answer: answerIt, fate }) =>
      () =>
        attack(stage, { name, over: "http", answer: answerIt }, judgeOf(stage, fate)),
  );
  return [...jobs, () => beforeTheQuestion(stage)];
}

/** So often at most: on a busy machine what was written first may arrive second, and then nobody can tell. */
const TRIES = 5;

/** It gives a pair before anybody asked: that pair is nobody's, and it may not be taken for an answer. */
async function beforeTheQuestion(stage: Stage): Promise<void> {
  const early = framed("length", pairBody({ access: "planted-early", refresh: "planted-early-refresh" })).bytes;
  const name = "an answer before the question";
  let taken = 0;
  for (let tries = 1; taken === tries - 1 && tries <= TRIES; tries += 1) {
    const server = await startRawServer({ onConnection: (line) => void line.write(early) });
    const tokenUrl = `${server.url}/token`;
    await attack(stage, { name, over: "http", answer: () => undefined, tokenUrl }, (outcome) => {
      if (server.requests.length > 1) return "it was asked twice";
      if (outcome.after !== outcome.before) taken += 1;
      else if (outcome.state !== "outcomeUnknown" && outcome.state !== "retrying")
        return outcome.state ?? "nothing is shown";
      return alwaysWrong(outcome);
    });
    await server.close();
  }
  if (taken === TRIES) stage.findings.add(`${name}: the pair that came unasked was taken ${TRIES} times of ${TRIES}`);
}
