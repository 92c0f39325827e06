import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { type ById, entriesOf, lookUp, withEntry, withoutEntry } from "./by-id.ts";
import { byId } from "./by-id-schema.ts";

const NAMES = [...Object.getOwnPropertyNames(Object.prototype), "prototype"];

describe("by id", () => {
  it.each(NAMES)("an empty one has nothing under %s", (name) => {
    expect(lookUp<number>({}, name)).toBeUndefined();
  });

  it.each(NAMES)("%s is set, found, replaced, read back and removed like any other", (name) => {
    const schema = byId(v.number());
    const one = withEntry<number>({ a: 1 }, name, 2);
    const read = v.parse(schema, JSON.parse(JSON.stringify(withEntry(one, name, 3))));
    expect(lookUp(one, name)).toBe(2);
    expect(lookUp(read, name)).toBe(3);
    expect(entriesOf(read)).toEqual([
      ["a", 1],
      [name, 3],
    ]);
    expect(entriesOf(withoutEntry(read, name))).toEqual([["a", 1]]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it("names the entry that is out of shape, and takes no list", () => {
    const schema = v.object({ all: byId(v.number()) });
    const [issue] = v.safeParse(schema, { all: { one: 1, two: "2" } }).issues ?? [];
    expect(issue === undefined ? null : v.getDotPath(issue)).toBe("all.two");
    for (const all of [[], null, "text", 5]) expect(v.is(schema, { all })).toBe(false);
  });

  it("cannot be read with brackets: the compiler knows", () => {
    const numbers: ById<number> = { a: 1 };
    // @ts-expect-error what brackets give is no number
    const got: number | undefined = numbers["a"];
    expect(got).toBe(lookUp(numbers, "a"));
  });
});
