/** Credential files as people and programs make them, and as nobody would. */
import type { Chance } from "../frame.ts";
import { type Hand, handOf } from "./write-json.ts";

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
  readonly expires: number;
}

/** What an object has that nobody gave it. */
const PROTOTYPE_IDS = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "__defineGetter__"];
/** Ids that are also something else to a careless program. */
const ODD_IDS = [
  PROTOTYPE_IDS,
  ["", " ", ".", "..", "a/b", "anthropic/", "/anthropic", "Anthropic", "anthropic ", "0", "1", "-1", "4294967295"],
  ["version", "providers", "null", "true", "https://x.example/", "\u0000", "\u202eevil", "🔑", "\ud800", "é", "é"],
  ["--all", "$(id)", "%s", "\n", '"', "\\", "constructor.prototype", "anthropic\u200b"],
].flat();
const IDS = ["openai", "github-copilot", "openrouter", "google", "xai", "opencode"];
const ODD_NUMBERS = [
  ["1e400", "-1e400", "1e-400", "9007199254740993", "123456789012345678901234567890", "1.5", "-1", "0.1", "-0"],
  ["2147483648", "4294967296", "8640000000000001", "9007199254740991", "9007199254740992", "1E+3"],
].flat();
const ODD_TEXTS = ["", " ", "\u0000", "\ud83d", "🔑🗝", "a\nb", '"}', "\\", "\u2028", "x".repeat(5_000), "__proto__"];

/** @param tokens gives the values of each login; null = made-up ones */
export function generate(chance: Chance, tokens: (() => Tokens) | null = null): string {
  const hand = handOf(chance);
  const draw = tokens ?? (() => madeUp(chance));
  const body = chance.whole(0, 9) < 6 ? flat(chance, hand, draw) : accounts(chance, hand, draw);
  return `${hand.space()}${body}${chance.pick(["", "", "\n", "\r\n", " ", hand.space()])}`;
}

function madeUp(chance: Chance): Tokens {
  const tail = (): string =>
    chance
      .whole(0, 2 ** 31)
      .toString(36)
      .repeat(chance.whole(1, 6));
  const expires = chance.pick([0, 1_700_000_000_000, 1_800_000_000_123, 4_102_444_800_000, chance.whole(1, 2 ** 31)]);
  const plain = { access: `sk-ant-oat01-planted-${tail()}`, refresh: `sk-ant-ort01-planted-${tail()}`, expires };
  return chance.whole(0, 19) === 0 ? { ...plain, [chance.pick(["access", "refresh"])]: chance.pick(ODD_TEXTS) } : plain;
}

function mixed<T>(chance: Chance, items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ item, key: chance.fraction() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** Any value, a few levels deep. */
export function anything(chance: Chance, hand: Hand, depth = 3): string {
  switch (depth === 0 ? chance.whole(0, 3) : chance.whole(0, 5)) {
    case 0:
      return chance.pick(["true", "false", "null"]);
    case 1:
      return chance.pick(ODD_NUMBERS);
    case 2:
      return hand.string(chance.pick(ODD_TEXTS));
    case 3:
      return hand.whole(chance.whole(0, 2 ** 31));
    case 4:
      return hand.array(Array.from({ length: chance.whole(0, 3) }, () => anything(chance, hand, depth - 1)));
    default: {
      const keys = new Set(Array.from({ length: chance.whole(0, 3) }, () => chance.pick(ODD_IDS)));
      return hand.object([...keys].map((key) => [key, anything(chance, hand, depth - 1)] as const));
    }
  }
}

// ---- flat -----------------------------------------------------------------------------------------------------------

function flat(chance: Chance, hand: Hand, draw: () => Tokens): string {
  const others = Array.from({ length: chance.whole(0, 4) }, () =>
    chance.pick(chance.pick([IDS, IDS, PROTOTYPE_IDS, ODD_IDS])),
  );
  const ids = mixed(chance, [...new Set(chance.whole(0, 9) === 0 ? others : ["anthropic", ...others])]);
  return hand.object(
    ids.map((id) => [id, id === "anthropic" ? login(chance, hand, draw()) : entry(chance, hand, draw)]),
  );
}

function entry(chance: Chance, hand: Hand, draw: () => Tokens): string {
  switch (chance.whole(0, 5)) {
    case 0:
    case 1:
      return login(chance, hand, draw());
    case 2:
      return hand.object(keyEntry(chance, hand));
    case 3:
      return hand.object([
        ["type", hand.string("wellknown")],
        ["key", hand.string("k")],
        ["token", hand.string("planted-token")],
      ]);
    default:
      return anything(chance, hand);
  }
}

type Members = readonly (readonly [string, string])[];

function keyEntry(chance: Chance, hand: Hand): Members {
  const plain: Members = [
    ["type", hand.string("api")],
    ["key", hand.string("planted-key")],
  ];
  return chance.whole(0, 1) === 0 ? plain : [...plain, ["metadata", hand.object([["__proto__", hand.string("x")]])]];
}

function login(chance: Chance, hand: Hand, { access, refresh, expires }: Tokens): string {
  const members: (readonly [string, string])[] = [
    ["type", hand.string("oauth")],
    ["refresh", hand.string(refresh)],
    ["access", hand.string(access)],
    ["expires", chance.whole(0, 29) === 0 ? anything(chance, hand, 1) : hand.whole(expires)],
  ];
  if (chance.whole(0, 5) === 0) members.push(["accountId", hand.string("account")]);
  if (chance.whole(0, 9) === 0) members.push(["enterpriseUrl", hand.string("https://x.example")]);
  if (chance.whole(0, 4) === 0) members.push([chance.pick(ODD_IDS), anything(chance, hand)]);
  if (chance.whole(0, 29) === 0) members.splice(chance.whole(0, 3), 1);
  return hand.object(chance.whole(0, 3) === 0 ? mixed(chance, members) : members);
}

// ---- accounts -------------------------------------------------------------------------------------------------------

function accounts(chance: Chance, hand: Hand, draw: () => Tokens): string {
  const odd = Array.from({ length: chance.whole(0, 2) }, () =>
    chance.pick(chance.pick([IDS, IDS, PROTOTYPE_IDS, ODD_IDS])),
  );
  const providers = [...new Set(["anthropic", ...odd])].map(
    (id) =>
      [
        id,
        id !== "anthropic" && chance.whole(0, 1) === 0
          ? hand.object(keyEntry(chance, hand))
          : provider(chance, hand, draw),
      ] as const,
  );
  const members: (readonly [string, string])[] = [
    ["version", chance.pick(["2", "2", "2", "2", "2.0", "2", "2", "1", '"2"'])],
    ["providers", hand.object(mixed(chance, providers))],
  ];
  if (chance.whole(0, 29) === 0) members.push([chance.pick(ODD_IDS), anything(chance, hand)]);
  return hand.object(chance.whole(0, 3) === 0 ? mixed(chance, members) : members);
}

function provider(chance: Chance, hand: Hand, draw: () => Tokens): string {
  const ids = Array.from({ length: chance.whole(0, 3) }, (_, at) =>
    chance.whole(0, 9) === 0
      ? chance.pick(ODD_IDS)
      : `01J${at}${chance
          .whole(0, 2 ** 31)
          .toString(32)
          .toUpperCase()}`,
  );
  const first = hand.string(ids[0] ?? "");
  return hand.object([
    ["type", hand.string("oauth")],
    ["active", hand.object([["default", first]])],
    ["order", hand.object([["default", hand.array(ids.map((id) => hand.string(id)))]])],
    ["records", hand.array(ids.map((id) => record(chance, hand, id, draw())))],
  ]);
}

function record(chance: Chance, hand: Hand, id: string, { access, refresh, expires }: Tokens): string {
  const health: (readonly [string, string])[] = [
    ["successCount", hand.whole(chance.whole(0, 9))],
    ["failureCount", hand.whole(0)],
  ];
  if (chance.whole(0, 3) === 0) health.push(["cooldownUntil", hand.whole(1_700_000_000_000)]);
  const members: (readonly [string, string])[] = [
    ["id", hand.string(id)],
    ["namespace", hand.string("default")],
    ["label", hand.string(chance.pick(["Work", "", "\u202e", "x".repeat(300)]))],
    ["refresh", hand.string(refresh)],
    ["access", hand.string(access)],
    ["expires", hand.whole(expires)],
    ["createdAt", chance.whole(0, 9) === 0 ? chance.pick(ODD_NUMBERS) : hand.whole(1_700_000_000_000)],
    ["updatedAt", hand.whole(1_700_000_000_000)],
    ["health", hand.object(health)],
  ];
  if (chance.whole(0, 29) === 0) members.push([chance.pick(ODD_IDS), anything(chance, hand)]);
  if (chance.whole(0, 39) === 0) members.splice(chance.whole(0, members.length - 1), 1);
  return hand.object(chance.whole(0, 3) === 0 ? mixed(chance, members) : members);
}

/** Big files: rare, and slow for a program that reads one in more than one go. */
export function generateBig(chance: Chance): string {
  const hand = handOf(chance);
  const draw = (): Tokens => madeUp(chance);
  const kind = chance.whole(0, 4);
  const one = login(chance, hand, draw());
  if (kind === 0)
    return hand.object([
      ["anthropic", one],
      ["notes", hand.string("n".repeat(2_000_000))],
    ]);
  if (kind === 1)
    return hand.object(Array.from({ length: 5_000 }, (_, at) => [`p${at}`, login(chance, hand, draw())] as const));
  if (kind === 2) return `{"anthropic":${one},"deep":${"[".repeat(chance.whole(60, 3_000))}`;
  if (kind === 3) {
    const depth = chance.whole(55, 70);
    return `{"anthropic":${one},"deep":${'{"d":'.repeat(depth)}0${"}".repeat(depth)}}`;
  }
  return `{"anthropic":${one},"number":${"7".repeat(300_000)}}`;
}
