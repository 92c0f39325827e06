import { describe, expect, it } from "vitest";
import { parseDocument } from "../credentials/read/parse.ts";
import { dueAt } from "../keeper/decide/schedule.ts";
import { parseSettings } from "../shared/settings.ts";
import { fileProblemWords } from "../shared/words/file-problem.ts";
import { demoAuthFile, demoPlans, demoSettings } from "./logins.ts";
import { firstPair } from "./provider.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const SALT = "0salt0of0a0demo0";
const plans = demoPlans(NOON);

describe("the demo's credential file", () => {
  it("is one that the keeper understands, with four labelled logins", () => {
    const parsed = parseDocument(demoAuthFile(plans, SALT, NOON));
    if (parsed.kind !== "document") throw new Error(fileProblemWords(parsed.problem));
    expect(parsed.document.format).toBe("accounts");
    const pair = (at: number) => firstPair(plans[at]!, SALT);
    expect(parsed.document.entries).toEqual([
      { kind: "oauth", id: "anthropic/work", provider: "anthropic", label: "work", pair: pair(0) },
      { kind: "oauth", id: "anthropic/home", provider: "anthropic", label: "home", pair: pair(1) },
      { kind: "oauth", id: "anthropic/laptop", provider: "anthropic", label: "laptop", pair: pair(2) },
      { kind: "oauth", id: "anthropic/team", provider: "anthropic", label: "team", pair: pair(3) },
    ]);
  });

  it("shows the good logins being refreshed at once, and the others well for some seconds first", () => {
    const due = plans.map(({ key, expires }) => [key, Math.max(0, dueAt(expires, null, "lead", NOON) - NOON)]);
    expect(due).toEqual([
      ["work", 0],
      ["home", 0],
      ["laptop", 30_000],
      ["team", 15_000],
    ]);
  });

  it("gives every access token longer than the minute that lies between two refreshes", () => {
    for (const { lifetimeMs } of plans) expect(lifetimeMs).toBeGreaterThanOrEqual(80_000);
  });
});

describe("the demo's settings", () => {
  it("send everything to the demo's provider, and count as a choice of how to ping", () => {
    const where = { authFile: "/d/auth.json", tokenUrl: "http://127.0.0.1:7/t", apiUrl: "http://127.0.0.1:7" };
    expect(parseSettings(JSON.parse(demoSettings(where)))).toMatchObject({
      authFile: "/d/auth.json",
      ping: { mode: "message" },
      providers: { anthropic: { tokenUrl: "http://127.0.0.1:7/t", apiUrl: "http://127.0.0.1:7", encoding: "json" } },
    });
  });
});
