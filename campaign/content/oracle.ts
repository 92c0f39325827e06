/** What a credential file says, by the facts of the two formats and with a reader that is not ours. */
import { hasTwins, memberOf, membersOf, type Node, nesting, numberIn, textIn, treeOf } from "./tree.ts";

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface SeenLogin {
  readonly id: string;
  readonly access: string;
  readonly refresh: string;
  readonly expires: number;
  /** Where the values that a refresh may change stand. */
  readonly spans: readonly Span[];
}

export type Verdict =
  | { readonly kind: "refuse"; readonly why: string }
  | {
      readonly kind: "understand";
      readonly format: "flat" | "accounts";
      readonly text: string;
      readonly logins: readonly SeenLogin[];
      readonly setAside: readonly string[];
      /** The facts do not say whether such a file is good: a number beyond all bounds. To refuse it is right, too. */
      readonly doubtful: boolean;
    };

/** Real files need five levels, and we promise no more than this. */
const DEEPEST = 64;

const refuse = (why: string): Verdict => ({ kind: "refuse", why });

export function verdictOn(bytes: Uint8Array): Verdict {
  if (bytes.length === 0) return refuse("it is empty");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse("it is not UTF-8");
  }
  if (text.startsWith("\uFEFF")) return refuse("it has a byte order mark");
  const tree = treeOf(text);
  if ("why" in tree) return refuse(tree.why);
  const { root } = tree;
  if (root.type !== "object") return refuse("it is no object");
  if (nesting(root) > DEEPEST) return refuse("it is nested too deeply");
  if (hasTwins(root)) return refuse("a key stands in it twice");
  const isAccounts = memberOf(root, "version") !== undefined && memberOf(root, "providers") !== undefined;
  return isAccounts ? accounts(root, text) : flat(root, text);
}

// ---- flat -----------------------------------------------------------------------------------------------------------

function flat(root: Node, text: string): Verdict {
  const logins: SeenLogin[] = [];
  const setAside: string[] = [];
  for (const [id, node] of membersOf(root)) {
    const type = textIn(memberOf(node, "type"));
    if (node.type !== "object" || type === null) setAside.push(id);
    else if (type === "oauth") {
      const good = ["accountId", "enterpriseUrl"].every((key) => isOptional(memberOf(node, key), "string"));
      const login = loginIn(id, node, ["access", "refresh", "expires"], text);
      if (login === null || !good) setAside.push(id);
      else logins.push(login);
    }
  }
  return { kind: "understand", format: "flat", text, logins, setAside, doubtful: false };
}

function loginIn(id: string, node: Node, keys: readonly string[], text: string): SeenLogin | null {
  const access = textIn(memberOf(node, "access"));
  const refresh = textIn(memberOf(node, "refresh"));
  const expires = numberIn(memberOf(node, "expires"), text);
  if (access === null || refresh === null || expires === null) return null;
  if (!Number.isSafeInteger(expires) || expires < 0) return null;
  const spans = keys.flatMap((key) => {
    const value = memberOf(node, key);
    return value === undefined ? [] : [{ start: value.offset, end: value.offset + value.length }];
  });
  // -0 is 0.
  return spans.length === keys.length ? { id, access, refresh, expires: expires + 0, spans } : null;
}

// ---- accounts: one key too many or out of shape, and the whole file counts as nothing -------------------------------------

type Shape = Readonly<Record<string, "string" | "number" | "string?" | "number?" | ((node: Node) => boolean)>>;

const isOptional = (node: Node | undefined, type: string): boolean => node === undefined || node.type === type;
const isMap = (node: Node | undefined, each: (value: Node) => boolean): boolean =>
  node?.type === "object" && membersOf(node).every(([, value]) => each(value));
const isText = (node: Node): boolean => node.type === "string";
const isTexts = (node: Node): boolean => node.type === "array" && (node.children ?? []).every(isText);

function fits(node: Node | undefined, shape: Shape): boolean {
  if (node?.type !== "object") return false;
  const members = new Map(membersOf(node));
  if ([...members.keys()].some((key) => !Object.hasOwn(shape, key))) return false;
  return Object.entries(shape).every(([key, wish]) => {
    const value = members.get(key);
    if (typeof wish === "function") return value !== undefined && wish(value);
    return wish.endsWith("?") ? isOptional(value, wish.slice(0, -1)) : value?.type === wish;
  });
}

const HEALTH: Shape = {
  cooldownUntil: "number?",
  lastStatusCode: "number?",
  lastErrorAt: "number?",
  successCount: "number",
  failureCount: "number",
};
const RECORD: Shape = {
  id: "string",
  namespace: "string?",
  label: "string?",
  accountId: "string?",
  enterpriseUrl: "string?",
  refresh: "string",
  access: "string",
  expires: "number",
  createdAt: "number",
  updatedAt: "number",
  health: (node) => fits(node, HEALTH),
};
const OAUTH: Shape = {
  type: isText,
  active: (node) => isMap(node, isText),
  order: (node) => isMap(node, isTexts),
  records: (node) => node.type === "array",
};
const API_PLAIN: Shape = { type: isText, key: "string" };
const API: Shape = { ...API_PLAIN, metadata: (node) => isMap(node, isText) };
const WELLKNOWN: Shape = { type: isText, key: "string", token: "string" };

function accounts(root: Node, text: string): Verdict {
  const file: Shape = { version: (node) => numberIn(node, text) === 2, providers: (node) => node.type === "object" };
  if (!fits(root, file)) return refuse("the top level is out of shape");
  const logins: SeenLogin[] = [];
  const keyIds: string[] = [];
  for (const [provider, node] of membersOf(memberOf(root, "providers"))) {
    switch (textIn(memberOf(node, "type"))) {
      case "oauth": {
        if (!fits(node, OAUTH)) return refuse("a provider is out of shape");
        for (const record of memberOf(node, "records")?.children ?? []) {
          if (!fits(record, RECORD)) return refuse("a record is out of shape");
          const id = `${provider}/${textIn(memberOf(record, "id")) ?? ""}`;
          const login = loginIn(id, record, ["access", "refresh", "expires", "updatedAt"], text);
          if (login === null) return refuse("a record has no time");
          logins.push(login);
        }
        break;
      }
      case "api":
        if (!fits(node, API_PLAIN) && !fits(node, API)) return refuse("an api key is out of shape");
        keyIds.push(provider);
        break;
      case "wellknown":
        if (!fits(node, WELLKNOWN)) return refuse("a well-known entry is out of shape");
        keyIds.push(provider);
        break;
      default:
        return refuse("a provider is of no known type");
    }
  }
  const ids = [...logins.map(({ id }) => id), ...keyIds];
  if (new Set(ids).size !== ids.length) return refuse("two of its logins have one id");
  return { kind: "understand", format: "accounts", text, logins, setAside: [], doubtful: hasInfinity(root, text) };
}

function hasInfinity(node: Node, text: string): boolean {
  const own = numberIn(node, text);
  return (own !== null && !Number.isFinite(own)) || (node.children ?? []).some((child) => hasInfinity(child, text));
}
