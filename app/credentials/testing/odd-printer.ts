/** What a refresh may replace in the printed text: whose value, which key. */
export interface Hole {
  readonly id: string;
  readonly key: "access" | "refresh" | "expires" | "updatedAt";
  /** The value as it is spelled in the file as generated. */
  readonly spelled: string;
}
/** The text of a file, cut at the values that a refresh may replace. */
export type Pieces = ReadonlyArray<string | Hole>;

/** A JSON value that knows its own odd spelling; a hole is a value. */
export type Tree =
  | { readonly kind: "object"; readonly members: ReadonlyArray<readonly [string, Tree]> }
  | { readonly kind: "array"; readonly items: readonly Tree[] }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "spelled"; readonly text: string }
  | { readonly kind: "hole"; readonly id: string; readonly key: Hole["key"]; readonly value: Tree };

/** @returns the text of a file, every hole filled with what `fill` gives, or with its old value where that is null. */
export function printed(pieces: Pieces, fill: (hole: Hole) => string | null = () => null): string {
  return pieces.map((piece) => (typeof piece === "string" ? piece : (fill(piece) ?? piece.spelled))).join("");
}

/** A printer with a layout and a love of escapes of its own, drawn anew at each call. */
export function makePrinter(
  chance: (percent: number) => boolean,
  pick: <T>(values: readonly T[]) => T,
): (tree: Tree) => Pieces {
  const newline = pick(["\n", "\r\n", "\r"]);
  const indent = pick(["  ", "    ", "\t", ""]);
  const layout = pick(["pretty", "compact", "wild"]);
  const escapes = pick([0, 0, 30]);
  const gap = (depth: number): string => {
    if (layout === "compact") return "";
    if (layout === "pretty") return newline + indent.repeat(depth);
    return pick(["", "", " ", "\t", "\n", "\r\n", "\r", " \n  "]);
  };
  const space = (): string => (layout === "pretty" ? " " : gap(0));

  const hex = (unit: string): string => {
    const digits = unit.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${pick([digits, digits.toUpperCase()])}`;
  };
  const spell = (char: string): string => {
    if (!chance(escapes)) return JSON.stringify(char).slice(1, -1);
    return char === "/" ? "\\/" : char.split("").map(hex).join("");
  };
  const quote = (value: string): string =>
    escapes === 0 ? JSON.stringify(value) : `"${Array.from(value, spell).join("")}"`;

  function* list(
    parts: ReadonlyArray<() => Iterable<string | Hole>>,
    ends: string,
    depth: number,
  ): Iterable<string | Hole> {
    yield ends.charAt(0);
    for (const [index, part] of parts.entries()) {
      if (index > 0) yield (layout === "wild" ? space() : "") + ",";
      yield gap(depth + 1);
      yield* part();
    }
    if (parts.length > 0 || layout === "wild") yield gap(depth);
    yield ends.charAt(1);
  }

  function* print(tree: Tree, depth: number): Iterable<string | Hole> {
    switch (tree.kind) {
      case "text":
        yield quote(tree.value);
        return;
      case "spelled":
        yield tree.text;
        return;
      case "hole":
        yield { id: tree.id, key: tree.key, spelled: printed([...print(tree.value, depth)]) };
        return;
      case "array":
        yield* list(
          tree.items.map((item) => () => print(item, depth + 1)),
          "[]",
          depth,
        );
        return;
      case "object": {
        const member = ([key, value]: readonly [string, Tree]) =>
          function* () {
            yield `${quote(key)}${layout === "wild" ? space() : ""}:${space()}`;
            yield* print(value, depth + 1);
          };
        yield* list(tree.members.map(member), "{}", depth);
      }
    }
  }
  return (tree) => [layout === "wild" ? gap(0) : "", ...print(tree, 0), pick(["", newline, ` ${newline}${newline}`])];
}
