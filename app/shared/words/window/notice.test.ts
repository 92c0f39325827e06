import { describe, expect, it } from "vitest";
import { NOON } from "../../testing/snapshots.ts";
import { PROVIDER } from "../../testing/views.ts";
import type { Part } from "../window.ts";
import { noticeCountdown, noticeLines, noticeTerms, pingChoices } from "./notice.ts";

const plain = (parts: readonly Part[]) => parts.map((part) => (typeof part === "string" ? part : part.text)).join("");
const second = { ...PROVIDER, id: "second", tokenUrl: "https://t.second", apiUrl: "https://a.second", termsNote: null };

describe("the notice of the first run", () => {
  it("says in three lines what is sent, with each address, and that a ping proves nothing", () => {
    const [refreshing = "", pings = "", rest = "", ...more] = noticeLines([PROVIDER, second]).map(plain);
    expect(refreshing).toContain(`refresh token to ${PROVIDER.tokenUrl} or ${second.tokenUrl}, before`);
    expect(pings).toContain(`to ${PROVIDER.apiUrl} or ${second.apiUrl}. There is no proof`);
    expect(rest).toContain("Nothing else");
    expect(more).toEqual([]);
  });

  it("passes on what the terms say, and says nothing of them where nothing is known", () => {
    expect(noticeTerms([PROVIDER, second])).toContain(PROVIDER.termsNote);
    expect(noticeTerms([second])).toBeNull();
  });

  it("counts down to the first message ping from when it was shown", () => {
    expect(noticeCountdown({ shownAt: null }, NOON)).toContain("one minute after");
    expect(noticeCountdown({ shownAt: NOON }, NOON)).toContain("in 60 s");
    expect(noticeCountdown({ shownAt: NOON }, NOON + 59_001)).toContain("in 1 s");
    for (const now of [NOON + 60_000, NOON - 1]) expect(noticeCountdown({ shownAt: NOON }, now)).toContain("are sent");
  });
});

describe("the kinds of pings", () => {
  it("are offered with what each sends and costs a day", () => {
    const [message, profile, off] = pingChoices([PROVIDER, second], 5_000);
    expect(message).toMatchObject({ mode: "message", costs: expect.stringMatching(/^500 to 1,000 .*at most 5,000$/) });
    expect(message?.sends).toContain(PROVIDER.pingTarget);
    expect(profile).toMatchObject({ mode: "profile", costs: "no tokens" });
    expect(off).toMatchObject({ mode: "off", costs: "no tokens" });
  });

  it("promise no more than the daily limit lets through", () => {
    expect(pingChoices([PROVIDER], 300)[0]?.costs).toBe("at most 300 tokens a day for each login");
  });
});
