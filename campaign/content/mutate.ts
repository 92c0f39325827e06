/** What disks, editors, cut-off writes and people do to a file. */
import type { Chance } from "../frame.ts";

type Mutation = (bytes: Buffer, chance: Chance) => Buffer;

/** A place in it, its end included. */
const place = (bytes: Buffer, chance: Chance): number => chance.whole(0, bytes.length);
const inserted = (bytes: Buffer, at: number, what: Buffer | string): Buffer =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from(what), bytes.subarray(at)]);

/** Behind one of these characters, as a person would put it there. */
function behind(bytes: Buffer, chance: Chance, chars: string, what: string): Buffer {
  const places = [...bytes.entries()].filter(([, byte]) => chars.includes(String.fromCharCode(byte)));
  return places.length === 0 ? bytes : inserted(bytes, chance.pick(places)[0] + 1, what);
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  truncated: (bytes, chance) => bytes.subarray(0, place(bytes, chance)),
  "without its beginning": (bytes, chance) => bytes.subarray(chance.whole(1, 20)),
  "a bit flipped": (bytes, chance) => flipped(bytes, chance.whole(0, bytes.length * 8 - 1)),
  "a byte replaced": (bytes, chance) => {
    const copy = Buffer.from(bytes);
    copy[chance.whole(0, bytes.length - 1)] = chance.whole(0, 255);
    return copy;
  },
  "a byte lost": (bytes, chance) => {
    const at = chance.whole(0, bytes.length - 1);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
  },
  "a sign put in": (bytes, chance) =>
    inserted(bytes, place(bytes, chance), chance.pick("{}[]\",:\\/0-eE.+ \n\ttn'`".split(""))),
  "a control character": (bytes, chance) => inserted(bytes, place(bytes, chance), Buffer.of(chance.whole(0, 31))),
  "a piece twice": (bytes, chance) => {
    const from = place(bytes, chance);
    const piece = bytes.subarray(from, from + chance.whole(1, 80));
    return inserted(bytes, place(bytes, chance), piece);
  },
  "an old tail": (bytes, chance) => Buffer.concat([bytes, bytes.subarray(bytes.length - chance.whole(1, 60))]),
  "zeros at its end": (bytes, chance) => Buffer.concat([bytes, Buffer.alloc(chance.whole(1, 512))]),
  "nothing but zeros": (bytes) => Buffer.alloc(bytes.length),
  "a hole": (bytes, chance) => Buffer.from(bytes).fill(0, place(bytes, chance), place(bytes, chance)),
  "a comment": (bytes, chance) =>
    behind(bytes, chance, "{,:[}", chance.pick(["// old\n", "/* old */", "# old\n", "/**/"])),
  "a trailing comma": (bytes, chance) => behind(bytes, chance, '"0}]', ","),
  "a byte order mark": (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
  "a byte order mark inside": (bytes, chance) => inserted(bytes, place(bytes, chance), Buffer.from([0xef, 0xbb, 0xbf])),
  "no UTF-8": (bytes, chance) =>
    inserted(
      bytes,
      place(bytes, chance),
      chance.pick([[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80], [0x80]].map((each) => Buffer.from(each))),
    ),
  "UTF-16": (bytes, chance) => {
    const wide = Buffer.from(bytes.toString("utf8"), "utf16le");
    return chance.whole(0, 1) === 0 ? wide : Buffer.concat([Buffer.from([0xff, 0xfe]), wide]);
  },
  "other line ends": (bytes, chance) =>
    Buffer.from(bytes.toString("utf8").replaceAll("\n", chance.pick(["\r\n", "\r", "\n\n", "\u2028"]))),
  "a key twice": (bytes, chance) => {
    const text = bytes.toString("utf8");
    const keys = [...text.matchAll(/"(?:[^"\\]|\\.)*"\s*:/g)];
    if (keys.length === 0) return bytes;
    const at = chance.pick(keys);
    return Buffer.from(
      `${text.slice(0, at.index)}${at[0]}${chance.pick(["0", "null", '"x"', "{}"])},${text.slice(at.index)}`,
    );
  },
  "another number": (bytes, chance) => {
    const number = chance.pick([
      "1e999",
      "-1",
      "0123",
      "1.",
      ".5",
      "NaN",
      "Infinity",
      "0x10",
      "9".repeat(400),
      "1e5",
      "--1",
    ]);
    return Buffer.from(bytes.toString("utf8").replace(/\b\d{3,}(?:\.0)?\b/, number));
  },
  "single quotes": (bytes) => Buffer.from(bytes.toString("utf8").replaceAll('"', "'")),
  "keys without quotes": (bytes) => Buffer.from(bytes.toString("utf8").replace(/"([a-z]+)"(\s*:)/, "$1$2")),
  "in an array": (bytes) => Buffer.concat([Buffer.from("["), bytes, Buffer.from("]")]),
  "twice in a row": (bytes) => Buffer.concat([bytes, bytes]),
};

export function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** As it is in four of ten cases; else one, two or three things happened to it. @returns what, in words */
export function mutate(bytes: Buffer, chance: Chance): { readonly bytes: Buffer; readonly what: string } {
  let result = bytes;
  const done: string[] = [];
  const times = chance.pick([0, 0, 0, 0, 1, 1, 1, 1, 2, 3]);
  for (let time = 0; time < times && result.length > 0; time += 1) {
    const [name, mutation] = chance.pick(Object.entries(MUTATIONS));
    result = mutation(result, chance);
    done.push(name);
  }
  return { bytes: result, what: done.length === 0 ? "as it was made" : done.join(", ") };
}
