/**
 * Desktop Entry files, as freedesktop.org specifies them: `key=value` lines in groups. Two levels of quoting meet in `Exec`:
 * that of every string (`\s`, `\n`, `\t`, `\r`, `\\`), and below it that of a command line (quotes, field codes).
 */

const GROUP = "[Desktop Entry]";

/** Keys and values of the main group, unescaped, in the order of the file. */
export type DesktopEntry = ReadonlyMap<string, string>;

/** @returns the text of a file with these keys. @throws for a key or value that such a file cannot hold. */
export function writeEntry(keys: DesktopEntry): string {
  return [GROUP, ...Array.from(keys, ([key, value]) => lineOf(key, value)), ""].join("\n");
}

/**
 * @returns the main group, or null when there is none. Lines that are no `key=value` are passed over; the first of a key
 * counts.
 */
export function parseEntry(text: string): DesktopEntry | null {
  const keys = new Map<string, string>();
  let inside = false;
  let found = false;
  for (const { kind, key, value } of linesOf(text)) {
    if (kind === "group") {
      inside = key === GROUP && !found;
      found ||= inside;
    } else if (kind === "key" && inside && !keys.has(key)) {
      keys.set(key, unescapeString(value));
    }
  }
  return found ? keys : null;
}

/** @returns the text with these keys of the main group set anew, and every other line as it stood. */
export function replaceKeys(text: string, changes: DesktopEntry): string {
  const open = new Map(changes);
  const out: string[] = [];
  const addRest = (): void => {
    // Above the blank lines that part the groups.
    let at = out.length;
    while (at > 0 && out[at - 1] === "") at -= 1;
    out.splice(at, 0, ...Array.from(open, ([key, value]) => lineOf(key, value)));
    open.clear();
  };
  let inside = false;
  for (const { kind, key, line } of linesOf(text)) {
    if (kind === "group") {
      if (inside) addRest();
      inside = key === GROUP && open.size > 0;
    }
    const value = inside && kind === "key" ? open.get(key) : undefined;
    out.push(value === undefined ? line : lineOf(key, value));
    if (value !== undefined) open.delete(key);
  }
  if (inside) addRest();
  return out.join("\n");
}

/** @returns the value of `Exec` that starts `argv`; the first word, the program, must not hold a `=` (says the specification). */
export function writeExec(argv: readonly string[]): string {
  return argv.map(quoteWord).join(" ");
}

/** @returns the words of a value of `Exec`, or null where it breaks the rules or asks for files or names (`%f`, `%c` …). */
export function parseExec(value: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (let at = 0; at < value.length; at += 1) {
    const sign = value.charAt(at);
    const next = value.charAt(at + 1);
    if (sign === '"') {
      quoted = !quoted;
      word ??= "";
    } else if (sign === "%") {
      if (next !== "%") return null;
      word = `${word ?? ""}%`;
      at += 1;
    } else if (quoted && sign === "\\") {
      if (!NEEDS_BACKSLASH.test(next)) return null;
      word = `${word ?? ""}${next}`;
      at += 1;
    } else if (!quoted && sign === " ") {
      if (word !== null) words.push(word);
      word = null;
    } else if (!quoted && RESERVED.test(sign)) {
      return null;
    } else {
      word = `${word ?? ""}${sign}`;
    }
  }
  if (quoted) return null;
  if (word !== null) words.push(word);
  return words;
}

/** @returns whether a `boolean` key is set to true. */
export function isTrue(entry: DesktopEntry, key: string): boolean {
  return entry.get(key)?.trim() === "true";
}

/** These must stand in quotes. */
const RESERVED = /[\s"'\\><~|&;$*?#()`]/;
/** These, in quotes, must have a backslash before them. */
const NEEDS_BACKSLASH = /["`$\\]/;

function quoteWord(word: string): string {
  const percent = word.replaceAll("%", "%%");
  if (word !== "" && !RESERVED.test(word)) return percent;
  return `"${percent.replaceAll(/["`$\\]/g, (sign) => `\\${sign}`)}"`;
}

function lineOf(key: string, value: string): string {
  if (!/^[A-Za-z0-9-]+$/.test(key)) throw new Error("not a key of a desktop entry");
  return `${key}=${escapeString(value)}`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\t", "\\t"],
  ["\r", "\\r"],
]);

function escapeString(value: string): string {
  const escaped = value.replaceAll(/[\\\n\t\r]/g, (sign) => ESCAPES.get(sign) ?? sign);
  // A reader drops blanks at either end.
  return escaped.replace(/^ /, "\\s").replace(/ $/, "\\s");
}

function unescapeString(value: string): string {
  return value.replaceAll(/\\(.)/g, (both, sign: string) => {
    if (sign === "s") return " ";
    for (const [plain, escaped] of ESCAPES) if (escaped === both) return plain;
    return both;
  });
}

interface Line {
  readonly kind: "group" | "key" | "other";
  /** Of a group its header, of a key its name. */
  readonly key: string;
  /** Still escaped. */
  readonly value: string;
  readonly line: string;
}

function linesOf(text: string): readonly Line[] {
  return text.split("\n").map((line) => {
    const bare = line.trim();
    if (bare.startsWith("[") && bare.endsWith("]")) return { kind: "group", key: bare, value: "", line };
    const equals = bare.indexOf("=");
    if (bare.startsWith("#") || equals < 1) return { kind: "other", key: "", value: "", line };
    return { kind: "key", key: bare.slice(0, equals).trimEnd(), value: bare.slice(equals + 1).trimStart(), line };
  });
}
