import { describe, expect, it } from "vitest";
import { createSimFiles } from "../../../sim/world/files.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import type { Setback } from "../../shared/login/setback.ts";
import { cutWaits, loadWaits, NO_WAITS, saveWaits, type Wait, type Waits, withWait } from "./waits.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const HOUR = 3_600_000;
const PATH = "/waits.json";
const random = { fraction: () => 0.5, id: () => "id" };

function wait(kind: Wait["kind"], next: number, more: Partial<Wait> = {}): Wait {
  return { kind, since: NOW, next, count: 1, setback: { kind: "status", status: 503 }, ...more };
}
/** As an older version wrote it. */
const OLD = { kind: "transient", since: NOW, next: NOW, count: 1, why: "so" } as const;
const of = (tokens: Record<string, Wait>, providers: Record<string, Wait> = {}): Waits => ({
  version: 1,
  tokens,
  providers,
});

describe("a wait after the clock stepped back", () => {
  it.each([
    ["a back-off to what it was to last", wait("transient", NOW + 48 * HOUR, { lasts: HOUR }), HOUR],
    ["what a server asked for to no more", wait("transient", NOW + 48 * HOUR, { lasts: 12 * HOUR }), 12 * HOUR],
    ["a short rate limit to no more", wait("rateLimited", NOW + 5 * HOUR, { lasts: 120_000 }), 120_000],
    ["what a damaged note says to 12 h", wait("transient", NOW + 99 * HOUR, { lasts: 99 * HOUR }), 12 * HOUR],
    ["what an older version noted to 12 h", wait("transient", NOW + 48 * HOUR), 12 * HOUR],
    ["a lost answer to an hour", wait("unknown", NOW + 48 * HOUR), HOUR],
  ])("is cut: %s", (_name, value, most) => {
    expect(cutWaits(of({ t: value }), NOW).tokens["t"]).toEqual({ ...value, next: NOW + most });
    expect(cutWaits(of({}, { p: value }), NOW).providers["p"]).toEqual({ ...value, next: NOW + most });
  });

  it("did not begin in the future", () => {
    const cut = cutWaits(of({ t: wait("unknown", NOW + 60_000, { since: NOW + 24 * HOUR }) }), NOW);
    expect(lookUp(cut.tokens, "t")).toMatchObject({ since: NOW, next: NOW + 60_000 });
  });

  it("stays the same object where nothing is to be cut", () => {
    const waits = of({ t: wait("rateLimited", NOW + HOUR, { lasts: 2 * HOUR }) }, { p: wait("transient", NOW - HOUR) });
    expect(cutWaits(waits, NOW)).toBe(waits);
    expect(cutWaits(NO_WAITS, NOW)).toBe(NO_WAITS);
  });

  it("leaves the others alone", () => {
    const other = wait("unknown", NOW + 60_000);
    const cut = cutWaits(of({ t: wait("unknown", NOW + 2 * HOUR), other }), NOW);
    expect(lookUp(cut.tokens, "other")).toBe(other);
  });
});

describe("the waits of a file", () => {
  it("take a new one, replace it and lose it again", () => {
    const one = withWait(NO_WAITS, "tokens", "t", wait("transient", NOW));
    const two = withWait(one, "tokens", "t", wait("unknown", NOW));
    expect(two).toEqual(of({ t: wait("unknown", NOW) }));
    expect(withWait(two, "tokens", "t", null)).toEqual(NO_WAITS);
    expect(withWait(two, "providers", "t", null)).toBe(two);
    expect(NO_WAITS).toEqual(of({}));
  });

  it("come back from the disk as they were saved", async () => {
    const files = createSimFiles({ now: () => NOW });
    const waits = of({ t: wait("transient", NOW + 5, { notSent: true }) }, { p: wait("rateLimited", NOW) });
    await saveWaits(files, PATH, waits, random);
    expect(await loadWaits(files, PATH)).toEqual({ kind: "whole", value: waits });
    expect(files.isDurable(PATH)).toBe(true);
  });

  it("are whole where a newer version knows more of why, and where an older one did not say", async () => {
    const files = createSimFiles({ now: () => NOW });
    const text = (more: object) => JSON.stringify({ version: 1, tokens: { t: { ...OLD, ...more } }, providers: {} });
    files.writeInPlace(PATH, text({ obstacle: "of a kind to come" }));
    const told = (obstacle: "network" | "other") =>
      of({ t: wait("transient", NOW, { setback: { kind: "other", text: "so", obstacle } }) });
    expect(await loadWaits(files, PATH)).toEqual({ kind: "whole", value: told("other") });
    files.writeInPlace(PATH, text({ setback: { kind: "of a kind to come" }, obstacle: "network" }));
    expect(await loadWaits(files, PATH)).toEqual({ kind: "whole", value: told("network") });
    files.writeInPlace(PATH, text({}));
    expect(await loadWaits(files, PATH)).toEqual({ kind: "whole", value: told("other") });
  });

  it("say in words, for an older version, what they hold as a kind", async () => {
    const files = createSimFiles({ now: () => NOW });
    const setback = { kind: "connectionRefused", host: "a.invalid" } as const;
    await saveWaits(files, PATH, of({ t: wait("transient", NOW, { setback }) }), random);
    expect(JSON.parse(files.readText(PATH) ?? "")).toMatchObject({
      tokens: { t: { why: "the connection to a.invalid was refused", obstacle: "network", setback } },
    });
  });

  it.each<Setback>([
    { kind: "notWritable", problem: { kind: "unusable", problem: { kind: "notJson", line: 1, column: 2 } } },
    { kind: "onlyJournaled", problem: { kind: "failed", code: "ENOSPC" } },
    { kind: "nothingWritten", problem: { kind: "folder", code: null } },
    { kind: "cannotReplace", problem: { kind: "mounted" } },
    { kind: "clientRefused", provider: "Anthropic" },
  ])("come back with what was not to be written: %j", async (setback) => {
    const files = createSimFiles({ now: () => NOW });
    const waits = of({ t: wait("transient", NOW, { setback }) });
    await saveWaits(files, PATH, waits, random);
    expect(await loadWaits(files, PATH)).toEqual({ kind: "whole", value: waits });
  });

  it.each([
    ["missing", null],
    ["damaged", '{"version":1,"tokens":{'],
    ["damaged", "\0\0\0"],
    ["damaged", '{"version":1,"tokens":{"t":{"kind":"new","since":1,"next":1,"count":1,"why":""}},"providers":{}}'],
  ])("that are %s say so", async (kind, text) => {
    const files = createSimFiles({ now: () => NOW });
    if (text !== null) files.writeInPlace(PATH, text);
    expect(await loadWaits(files, PATH)).toEqual({ kind });
  });

  it("that are of a newer version are refused", async () => {
    const files = createSimFiles({ now: () => NOW });
    files.writeInPlace(PATH, '{"version":2,"tokens":{},"providers":{}}');
    await expect(loadWaits(files, PATH)).rejects.toMatchObject({ exitCode: 4 });
  });
});
