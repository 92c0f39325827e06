import { describe, expect, it } from "vitest";
import { chanceOf } from "../frame.ts";
import { sampleOf, wrongWith } from "./bulk.ts";
import { mutate } from "./mutate.ts";
import { verdictOn } from "./oracle.ts";
import { type Product, product, type Reading } from "./product.ts";

/** What is said of a product that goes wrong in one way, over some hundred files. */
function findings(wrong: Partial<Product>): ReadonlySet<string> {
  const found = new Set<string>();
  for (let round = 0; round < 200; round += 1) {
    const what = wrongWith(sampleOf(1, round), { ...product, ...wrong });
    if (what !== null) found.add(what);
  }
  return found;
}
const written = (change: (text: string) => string): ReadonlySet<string> =>
  findings({
    write: (bytes, logins, updatedAt) => {
      const text = product.write(bytes, logins, updatedAt);
      return text === null ? null : change(text);
    },
  });
const read = (change: (reading: Reading) => Reading): ReadonlySet<string> =>
  findings({ read: (bytes) => change(product.read(bytes)) });

describe("the judge of the content campaign", () => {
  it("finds nothing wrong with the product", () => {
    expect(findings({})).toEqual(new Set());
  });

  it("finds a reader that takes what is no credential file, and one that takes none", () => {
    const lenient = read((reading) =>
      reading.kind === "understood" ? reading : { kind: "understood", format: "flat", logins: [], setAside: [] },
    );
    expect([...lenient]).toEqual(
      expect.arrayContaining(["it was understood though jsonc-parser finds an error in it"]),
    );
    expect([...lenient]).toContain("it was understood though a key stands in it twice");
    expect([...read(() => ({ kind: "refused", sentence: "no" }))]).toEqual(["it was refused: no"]);
  });

  it("finds a value that is read otherwise, and a login that is not seen", () => {
    const other = read((reading) =>
      reading.kind === "refused"
        ? reading
        : { ...reading, logins: reading.logins.map((login) => ({ ...login, expires: login.expires + 1 })) },
    );
    expect([...other]).toEqual(["its logins were read otherwise"]);
    const fewer = read((reading) =>
      reading.kind === "refused" ? reading : { ...reading, logins: reading.logins.slice(1) },
    );
    expect([...fewer]).toContain("its logins were read otherwise");
  });

  it("finds an edit that touches a byte too many, writes another value, or breaks the file", () => {
    expect([...written((text) => `${text} `)]).toEqual(["a byte beside the values was changed"]);
    expect([...written((text) => text.replaceAll("\t", " "))]).toContain("a byte beside the values was changed");
    expect([...written((text) => JSON.stringify(JSON.parse(text)))]).toContain("a byte beside the values was changed");
    expect([...written((text) => text.replace("planted-new", "planted-old"))]).toContain(
      "other values were written than were meant",
    );
    expect([...written((text) => text.slice(0, -1))].join()).toContain("what was written cannot be read");
  });

  it("finds a writer that writes what it must not, one that refuses, and one that throws", () => {
    const bold = findings({ write: (bytes) => Buffer.from(bytes).toString("utf8") });
    expect([...bold].some((what) => what.startsWith("it was written though"))).toBe(true);
    expect([...findings({ write: () => null })]).toEqual(["a good file could not be changed"]);
    const throws = (): never => {
      throw new TypeError("planted");
    };
    expect([...findings({ read: () => throws() })]).toEqual(["it threw TypeError"]);
  });
});

describe("the files", () => {
  it("come again with their seed, and many of them are good, of both formats", () => {
    expect(sampleOf(3, 7).bytes).toEqual(sampleOf(3, 7).bytes);
    const verdicts = Array.from({ length: 400 }, (_, round) => verdictOn(sampleOf(1, round).bytes));
    const formats = verdicts.map((verdict) => (verdict.kind === "refuse" ? "refused" : verdict.format));
    for (const kind of ["refused", "flat", "accounts"]) {
      expect(formats.filter((format) => format === kind).length).toBeGreaterThan(50);
    }
    const logins = verdicts.flatMap((verdict) => (verdict.kind === "refuse" ? [] : verdict.logins));
    expect(logins.map(({ id }) => id)).toEqual(expect.arrayContaining(["__proto__", "constructor", "toString"]));
  });

  it("are told by the mutation that they went through", () => {
    const what = Array.from({ length: 200 }, (_, round) => mutate(Buffer.from('{"a":1}'), chanceOf(round)).what);
    expect(new Set(what).size).toBeGreaterThan(20);
  });
});
