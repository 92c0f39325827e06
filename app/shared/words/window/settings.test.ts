import { describe, expect, it } from "vitest";
import { loginOf } from "../../testing/snapshots.ts";
import { PROVIDER, viewOf } from "../../testing/views.ts";
import { detailsOf, pingLockSentence, settingsBanner } from "./settings.ts";

describe("the words of the settings", () => {
  it("say where tokens go", () => {
    const known = new Map(detailsOf(viewOf([loginOf("a")])).map(([name, ...lines]) => [name, lines.join("; ")]));
    expect(known.get(PROVIDER.id)).toBe(`refreshes at ${PROVIDER.tokenUrl}; pings at ${PROVIDER.apiUrl}`);
    expect(known.get("format")).toBe("one login per provider");
    expect(detailsOf({ ...viewOf([]), snapshot: null })).toContainEqual(["format", "not known yet"]);
  });

  it("say what of this run decides on pings", () => {
    const by = (lockedBy: "flag" | "env" | null) => pingLockSentence({ mode: "off", dailyTokens: 0, lockedBy });
    expect(by("flag")).toContain("--ping");
    expect(by("env")).toContain("PILOT_LIGHT_PING");
    expect([by(null), pingLockSentence(null)]).toEqual([null, null]);
  });

  it("say that the last good settings go on, unless there were none", () => {
    const settingsProblem = { sentence: "It is not JSON.", maySetAside: true };
    expect(settingsBanner({ problem: null, settingsProblem })).toContain("It is not JSON. Until then the last good");
    expect(settingsBanner({ problem: "It is not JSON.", settingsProblem })).toBe("It is not JSON.");
  });
});
