import { describe, expect, it } from "vitest";
import {
  type Disk,
  fileWrongs,
  leftWrongs,
  sentWrongs,
  shownWrongs,
  type Truth,
  unkeptWrongs,
  whereIs,
} from "./verdict.ts";

const [OLD, NEW] = ["sk-ant-ort01-planted-old", "sk-ant-ort01-planted-new"];
const OTHER = '"other": { "type":"api",  "key":"k" }';
const file = (refresh: string, expires = 1): string =>
  `{ "anthropic": {"type":"oauth","refresh":"${refresh}","expires":${expires}},\n${OTHER}}`;
const truth: Truth = {
  id: "anthropic",
  chain: [
    { token: OLD, sent: 1 },
    { token: NEW, sent: 0 },
  ],
  revoked: false,
};
const disk = (over: Partial<Disk> = {}): Disk => ({
  text: file(NEW, 2),
  mode: 0o600,
  beside: [],
  state: new Map([["journal/x.copy", "{}"]]),
  open: [],
  ...over,
});

describe("the judge has nothing to say", () => {
  it("of a login that was renewed, and of what may change with it", () => {
    expect(fileWrongs(file(OLD), [OTHER], disk())).toEqual([]);
    expect(leftWrongs(disk())).toEqual([]);
    expect(sentWrongs(truth, () => 1)).toEqual([]);
    expect(shownWrongs(truth, disk(), { state: "healthy", exit: 0 })).toEqual([]);
  });
  it("of one that is lost and says so, also where a worse one decides", () => {
    const lost = disk({ text: file(OLD) });
    expect(whereIs(truth, lost)).toBe("nowhere");
    expect(shownWrongs(truth, lost, { state: "outcomeUnknown", exit: 3 })).toEqual([]);
    expect(shownWrongs(truth, lost, { state: "outcomeUnknown", exit: 1 })).toEqual([]);
    expect(shownWrongs(truth, lost, { state: "signIn", exit: 1 })).toEqual([]);
  });
});

describe("the judge bites", () => {
  it.each([
    ["gone", { text: null }],
    ["cut off", { text: file(NEW).slice(0, -1) }],
    ["with a space less", { text: file(NEW).replace(",  ", ", ") }],
    ["with another's key changed", { text: file(NEW).replace('"k"', '"j"') }],
    ["readable by others", { mode: 0o644 }],
  ])("at a file that is %s", (_, over) => {
    expect(fileWrongs(file(OLD), [OTHER], disk(over))).not.toEqual([]);
  });
  it("at another login's token that changed, though its place may hold tokens", () => {
    const both = (other: string) => `{"a":{"refresh":"${NEW}"},"b":{"refresh":"${other}"}}`;
    const untouched = [`{"refresh":"${OLD}"}`];
    expect(fileWrongs(both(OLD), untouched, disk({ text: both(OLD) }))).toEqual([]);
    expect(fileWrongs(both(OLD), untouched, disk({ text: both("sk-ant-ort01-planted-x") }))).not.toEqual([]);
  });
  it.each([
    ["a temp file beside it", { beside: [".auth.json.pilot-light.tmp"] }],
    ["a temp file in the journal", { state: new Map([["journal/0123456789abcdef.copy.a1.tmp", ""]]) }],
    ["a lock's folder", { state: new Map([["files/x/keeper.lock/", ""]]) }],
    ["a journal that others may read", { open: ["journal"] }],
  ])("at %s", (_, over) => {
    expect(leftWrongs(disk(over))).toHaveLength(1);
  });
  it("at what a killed keeper left, once another keeper has run", () => {
    const state = new Map(
      ["files/x/keeper.lock/", "files/x/.keeper.lock.old-1/owner.json", "status.json.1x.tmp"].map((path) => [path, ""]),
    );
    expect(leftWrongs(disk({ state }), true)).toEqual([]);
    expect(leftWrongs(disk({ state }))).toHaveLength(2);
  });
  it("at a token that was sent twice", () => {
    const twice: Truth = { ...truth, chain: [{ token: OLD, sent: 2 }] };
    expect(sentWrongs(twice, () => 1)).toHaveLength(1);
    expect(sentWrongs(twice, () => 2)).toEqual([]);
  });
  it.each([
    ["lost and shown as well", { text: file(OLD) }, "healthy", 0],
    ["lost, with the exit code of all well", { text: file(OLD) }, "signIn", 0],
    ["kept, and not put back", { text: file(OLD), state: new Map([["journal/x.intent", NEW]]) }, "outcomeUnknown", 3],
    ["well, and shown as lost", {}, "signIn", 1],
  ])("at a login that is %s", (_, over, state, exit) => {
    expect(shownWrongs(truth, disk(over), { state, exit })).toHaveLength(1);
  });
  it("at an answer that is not the first thing written, but only where it is nowhere", () => {
    expect(unkeptWrongs(truth, disk({ text: file(OLD) }), 1)).toHaveLength(1);
    expect(unkeptWrongs(truth, disk({ text: file(OLD) }), 0)).toEqual([]);
    expect(unkeptWrongs(truth, disk(), 5)).toEqual([]);
  });
  it("at a login that is ended by reuse, and shown as well", () => {
    expect(shownWrongs({ ...truth, revoked: true }, disk(), { state: "healthy", exit: 0 })).toHaveLength(1);
  });
  it("and never with a token in its words", () => {
    const words = [
      ...shownWrongs(truth, disk({ text: file(OLD) }), { state: "healthy", exit: 0 }),
      ...sentWrongs(truth, () => 0),
      ...fileWrongs(file(OLD), [OTHER], disk({ text: file(NEW).slice(1) })),
    ].join("\n");
    expect(words).not.toContain("planted");
  });
});
