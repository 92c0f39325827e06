import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meantBy } from "./named.ts";

const LOGINS = [
  { id: "anthropic/a1b2", label: "work" },
  { id: "anthropic/c3d4", label: "homework" },
  { id: "anthropic/e5f6", label: "Laptop" },
  { id: "work", label: "laptop" },
];
const one = (typed: string) => {
  const meant = meantBy(typed, LOGINS);
  return meant.kind === "one" ? meant.id : meant.kind;
};

describe("which login is meant", () => {
  it("is the one with exactly this ID, whatever others are called", () => {
    expect(one("work")).toBe("work");
    expect(one("anthropic/c3d4")).toBe("anthropic/c3d4");
  });

  it("is else the one with exactly this label, capitals included", () => {
    expect(one("homework")).toBe("anthropic/c3d4");
    expect(one("laptop")).toBe("work");
    expect(one("Laptop")).toBe("anthropic/e5f6");
  });

  it("is else the only one that has it in its ID or label", () => {
    expect(one("c3")).toBe("anthropic/c3d4");
    expect(one("home")).toBe("anthropic/c3d4");
    expect(one("HOME")).toBe("none");
    expect(meantBy("x", LOGINS)).toEqual({ kind: "none" });
  });

  it("is never guessed where several fit", () => {
    expect(meantBy("apto", LOGINS)).toEqual({ kind: "several", candidates: LOGINS.slice(2) });
    const twins = [
      { id: "a", label: "same" },
      { id: "b", label: "same" },
    ];
    expect(meantBy("same", twins)).toEqual({ kind: "several", candidates: twins });
  });

  it("is none for an empty word, and where there are no logins", () => {
    expect(meantBy("", [{ id: "a", label: "" }])).toEqual({ kind: "none" });
    expect(meantBy("a", [])).toEqual({ kind: "none" });
  });

  it("is one of those there are, and an ID always means itself", () => {
    const named = fc.record({ id: fc.string(), label: fc.string() });
    fc.assert(
      fc.property(fc.array(named), fc.string(), (logins, typed) => {
        const ids = logins.map(({ id }) => id);
        const meant = meantBy(typed, logins);
        if (meant.kind === "one") expect(ids).toContain(meant.id);
        for (const id of ids) expect(meantBy(id, logins)).toEqual({ kind: "one", id });
      }),
    );
  });
});
