import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTrue, parseEntry, parseExec, replaceKeys, writeEntry, writeExec } from "./desktop-entry.ts";

/** Signs that mean something on one of the levels, and some that mean nothing. */
const nasty = fc.string({ unit: fc.constantFrom(...Array.from(" \"'\\$`%&;|<>~*?#()=[]\t\n\rsnkab/é火-")) });
const text = fc.oneof(
  nasty,
  fc.string({ unit: "grapheme" }).filter((value) => !/\p{Cc}/u.test(value)),
);
const word = fc.oneof(nasty, text);

describe("the value of Exec", () => {
  it.each<[readonly string[], string]>([
    [["/usr/bin/pilot-light", "--hidden"], "/usr/bin/pilot-light --hidden"],
    [["/opt/Pilot Light/pilot-light"], '"/opt/Pilot Light/pilot-light"'],
    [["/a/100%"], "/a/100%%"],
    [['/a/"b"'], String.raw`"/a/\"b\""`],
    [["/a/$b`c"], '"/a/\\$b\\`c"'],
    [["/a\\b"], String.raw`"/a\\b"`],
    [["/a/it's"], `"/a/it's"`],
    [[""], '""'],
  ])("is quoted as the specification says: %j", (argv, value) => {
    expect(writeExec(argv)).toBe(value);
    expect(parseExec(value)).toEqual(argv);
  });

  it("gives back the words that it was made of, whatever stands in them", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (argv) => {
        expect(parseExec(writeExec(argv))).toEqual(argv);
      }),
    );
  });

  it.each(["/a %u", '"/a', String.raw`"/a\b"`, "/a;b", "/a\\ b", "/a 'b'", "/a %"])(
    "is none that breaks the rules: %s",
    (value) => {
      expect(parseExec(value)).toBeNull();
    },
  );
});

describe("a desktop entry", () => {
  it("reads as it was written, whatever stands in it", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9-]+$/)), fc.array(text), (keys, values) => {
        const entry = new Map(keys.map((key, at) => [key, values[at] ?? ""]));
        // One blank at either end is kept; a reader may drop more.
        for (const [key, value] of entry) entry.set(key, value.replaceAll(/^\s+|\s+$/gu, " "));
        expect(parseEntry(writeEntry(entry))).toEqual(entry);
      }),
    );
  });

  it("holds the words of a command through both levels", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (argv) => {
        const exec = parseEntry(writeEntry(new Map([["Exec", writeExec(argv)]])))?.get("Exec");
        expect(parseExec(exec ?? "")).toEqual(argv);
      }),
    );
  });

  it("is read as others write it", () => {
    const entry = parseEntry(
      "# by hand\n\n[Desktop Entry]\r\nName = Pilot Light \nName[de]=Zündflamme\nName=second\nHidden=true\nnothing\nExec=a\\\\sb\\q\n[Desktop Action x]\nExec=other\n",
    );
    expect(entry).toEqual(
      new Map([
        ["Name", "Pilot Light"],
        ["Name[de]", "Zündflamme"],
        ["Hidden", "true"],
        ["Exec", "a\\sb\\q"],
      ]),
    );
    expect(isTrue(entry ?? new Map(), "Hidden")).toBe(true);
  });

  it("is none without its group", () => {
    expect(parseEntry("Exec=/a\n")).toBeNull();
    expect(parseEntry("")).toBeNull();
    expect(parseEntry("\0\0")).toBeNull();
  });

  it("takes no key or value that would make a line of its own", () => {
    expect(() => writeEntry(new Map([["a\nb", "x"]]))).toThrow("not a key");
    expect(writeEntry(new Map([["a", "x\nHidden=true"]]))).toBe("[Desktop Entry]\na=x\\nHidden=true\n");
  });
});

describe("changing keys of an entry", () => {
  const before = "# note\n[Desktop Entry]\nExec=old\nX-Own = kept  \n\n[Desktop Action x]\nExec=stays\n";

  it("leaves every other line as it stood", () => {
    expect(replaceKeys(before, new Map([["Exec", "new"]]))).toBe(before.replace("Exec=old", "Exec=new"));
  });

  it("adds what was missing, at the end of the group", () => {
    const after = replaceKeys(before, new Map([["TryExec", "new"]]));
    expect(after).toBe(before.replace("kept  \n", "kept  \nTryExec=new\n"));
    expect(replaceKeys("[Desktop Entry]\nA=1\n", new Map([["B", "2"]]))).toBe("[Desktop Entry]\nA=1\nB=2\n");
  });
});
