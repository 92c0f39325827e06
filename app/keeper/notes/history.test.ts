import { expect, it } from "vitest";
import { createSimFiles, SimError } from "../../../sim/world/files.ts";
import type { HistoryEvent } from "../../shared/login/history.ts";
import { createHistory } from "./history.ts";

const EVENT = { at: 1, id: "anthropic", by: "us", what: { kind: "refreshed" }, fingerprint: null } as const;

it("a line that cannot be written is worth a warning, and is no error", async () => {
  const files = createSimFiles({ now: () => 1 });
  const warned: unknown[] = [];
  const history = createHistory(files, "/history", { warn: (msg, fields) => void warned.push([msg, fields]) });
  files.setGate((op) => {
    if (op === "write") throw new SimError("ENOSPC", op);
    return undefined;
  });
  await history.append([EVENT, EVENT]);
  expect(warned).toEqual([["the history could not be written", { events: 2, reason: "the disk is full" }]]);
  files.setGate(null);
  await history.append([EVENT]);
  expect(await history.read(null)).toEqual([EVENT]);
  expect(warned).toHaveLength(1);
});

const setup = () => {
  const files = createSimFiles({ now: () => 1 });
  const history = createHistory(files, "/history", { warn: () => undefined });
  const lines = () =>
    (files.readText("/history/events.jsonl") ?? "")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
  return { files, history, lines };
};

it("a line holds the sentence as ever, and beside it the kind and what belongs to it", async () => {
  const { history, lines } = setup();
  await history.append([EVENT, { ...EVENT, what: { kind: "ended", reason: "deadline" } }]);
  expect(lines()).toEqual([
    { version: 1, at: 1, id: "anthropic", by: "us", what: "refreshed", kind: "refreshed", fingerprint: null },
    {
      version: 1,
      at: 1,
      id: "anthropic",
      by: "us",
      what: "the login has ended: the login reached its deadline",
      kind: "ended",
      reason: "deadline",
      fingerprint: null,
    },
  ]);
});

it("a line holds why as a clause for older versions, and as a kind", async () => {
  const { history, lines } = setup();
  const setback = { kind: "overloaded", status: 529 } as const;
  await history.append([{ ...EVENT, what: { kind: "notRefreshed", setback } }]);
  expect(lines()).toMatchObject([
    {
      what: "not refreshed: the provider is overloaded (529)",
      kind: "notRefreshed",
      why: "the provider is overloaded (529)",
      setback,
    },
  ]);
});

it("lines in which older versions said why in words only are read with their words", async () => {
  const { files, history } = setup();
  await history.append([EVENT]);
  const line = { at: 2, id: "a", by: "us", what: "not refreshed: so", kind: "notRefreshed", why: "so" };
  const newer = { ...line, setback: { kind: "of a kind to come" } };
  files.writeInPlace(
    "/history/events.jsonl",
    [line, newer].map((each) => JSON.stringify({ version: 1, fingerprint: null, ...each })).join("\n"),
  );
  const setback = { kind: "other", text: "so", obstacle: "other" };
  expect((await history.read(null)).map(({ what }) => what)).toEqual([
    { kind: "notRefreshed", setback },
    { kind: "notRefreshed", setback },
  ]);
});

it("what was appended is read back, of every kind", async () => {
  const { history } = setup();
  const whats: readonly HistoryEvent["what"][] = [
    { kind: "firstSeen" },
    { kind: "refreshed", expiresAt: 28_800_001 },
    { kind: "notRefreshed", setback: { kind: "status", status: 404 } },
    { kind: "clientRefused", provider: "Anthropic" },
    { kind: "answerLost", setback: { kind: "brokenOff" } },
    { kind: "ended", reason: "refused" },
    { kind: "copyErased", because: "unkept" },
    { kind: "setAside", name: "waits.json" },
    { kind: "pinged", outcome: "ok", mode: "message" },
    { kind: "told", sentence: "something else" },
  ];
  const events = whats.map((what) => ({ ...EVENT, what }));
  await history.append(events);
  const read = await history.read(null);
  expect(read).toHaveLength(events.length);
  expect(read).toEqual(expect.arrayContaining(events));
});

const pingAt = (at: number): HistoryEvent => ({
  ...EVENT,
  at,
  what: { kind: "pinged", outcome: "ok", mode: "profile" },
});

it("pings stand between what happened before and after them", async () => {
  const { history } = setup();
  for (const event of [pingAt(1), { ...EVENT, at: 2 }, pingAt(3), pingAt(4), { ...EVENT, at: 5 }, pingAt(6)])
    await history.append([event]);
  expect((await history.read("anthropic")).map(({ at, what }) => [at, what.kind])).toEqual([
    [1, "pinged"],
    [2, "refreshed"],
    [3, "pinged"],
    [4, "pinged"],
    [5, "refreshed"],
    [6, "pinged"],
  ]);
});

it("pings push out no event, however many there are, and take no more than half a megabyte", async () => {
  const { files, history } = setup();
  await history.append([{ ...EVENT, at: 0 }]);
  for (let round = 0; round < 40; round += 1)
    await history.append(Array.from({ length: 200 }, (_, n) => pingAt(round * 200 + n + 1)));
  const size = (name: string) => (files.readText(`/history/${name}`) ?? "").length;
  expect(size("pings.jsonl") + size("pings.1.jsonl")).toBeLessThan(2 * (256 + 40) * 1024);
  const [first, ...pings] = await history.read(null);
  expect(first).toEqual({ ...EVENT, at: 0 });
  expect(pings.length).toBeGreaterThan(2_000);
  expect(pings.at(-1)).toEqual(pingAt(8_000));
});

it("a ping is read with the sentence of a version that knows more of what comes of one", async () => {
  const { files, history } = setup();
  await history.append([pingAt(1)]);
  const newer = {
    version: 1,
    at: 2,
    id: "a",
    by: "us",
    what: "pinged (telepathy): ok",
    kind: "pinged",
    fingerprint: null,
  };
  files.writeInPlace("/history/pings.jsonl", JSON.stringify({ ...newer, outcome: "ok", mode: "telepathy" }));
  expect((await history.read(null)).map(({ what }) => what)).toEqual([
    { kind: "told", sentence: "pinged (telepathy): ok" },
  ]);
});

it("lines of other versions are read and shown by their sentence", async () => {
  const { files, history } = setup();
  await history.append([EVENT]);
  const old = { at: 2, id: "a", by: "us", what: "the newest pair was put into the file", fingerprint: null };
  const newer = { ...old, version: 1, what: "it was blessed", kind: "blessed" };
  const odd = { ...old, version: 1, what: "the login has ended", kind: "ended", reason: "of a kind to come" };
  files.writeInPlace("/history/events.jsonl", [old, newer, odd].map((line) => JSON.stringify(line)).join("\n"));
  expect((await history.read(null)).map(({ what }) => what)).toEqual([
    { kind: "told", sentence: "the newest pair was put into the file" },
    { kind: "told", sentence: "it was blessed" },
    { kind: "told", sentence: "the login has ended" },
  ]);
});

it("of a file that is longer than ours the newest lines are told", async () => {
  const { files, history } = setup();
  await files.makeFolders("/history");
  const file = await files.open("/history/events.jsonl", "createNew", 0o600);
  const line = (at: number) =>
    `${JSON.stringify({ at, id: "anthropic", by: "us", what: "x".repeat(9_000), fingerprint: null })}\n`;
  const text = Array.from({ length: 300 }, (_, at) => line(at)).join("");
  await file.write(new TextEncoder().encode(text), 0);
  await file.close();
  const read = await history.read(null);
  expect(read.at(-1)?.at).toBe(299);
  expect(read.length).toBeLessThan(150);
});
