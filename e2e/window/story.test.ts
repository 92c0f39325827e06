import type { Page } from "playwright";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Story } from "../../app/shared/view/story.ts";
import { chromiumMissing } from "../support/window/browser.ts";
import { ENDED_STORY, OUTAGE_DAY, SLEPT } from "../support/window/stories.ts";
import { axeFindings, axeScript, openRows, windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, NOON, viewOf } from "../support/window/views.ts";

const HOUR = 3_600_000;
const STORIES: Readonly<Record<string, Story>> = {
  "a night's sleep": SLEPT,
  "an outage": OUTAGE_DAY,
  "an ended login": ENDED_STORY,
};
const WELL = accountIn("healthy", "anthropic", {
  accessExpiresAt: NOON + 3.15 * HOUR,
  nextRefreshAt: NOON + 1.5 * HOUR,
});

const strip = (page: Page) => page.getByRole("slider");
const told = (page: Page) => page.locator(".moment").innerText();

describe.skipIf(chromiumMissing())("the last day of a login in the window", () => {
  const suite = windowSuite();
  let axe = "";
  beforeAll(async () => {
    axe = await axeScript();
  });

  it("says of now how the access is, and of each stop by keyboard what it was", async () => {
    const { page } = await suite.open({ view: viewOf([WELL]), story: SLEPT });
    await strip(page).focus();
    expect(await told(page)).toBe("Now: access valid until 15:09");
    const walk = async (key: string) => {
      await page.keyboard.press(key);
      expect(await strip(page).getAttribute("aria-valuetext")).toBe(await told(page));
      return told(page);
    };
    expect(await walk("ArrowRight")).toBe("13:30: next refresh planned; access valid until 15:09");
    expect(await walk("End")).toBe("15:09: access expires before this, unless it is refreshed");
    expect(await walk("ArrowRight")).toBe("15:09: access expires before this, unless it is refreshed");
    expect(await walk("Home")).toMatch(/^Sun 12:00: access valid/);
    await walk("End");
    const walked: string[] = [];
    for (let step = 0; step < 14; step += 1) walked.push(await walk("ArrowLeft"));
    expect(walked).toContain("07:09: refreshed; access valid until 15:09");
    await page.keyboard.press("Tab");
    expect(await told(page)).toBe("Now: access valid until 15:09");
  });

  it("is one stop of the Tab key, and leaves Escape and the arrows up and down to the rows", async () => {
    const { page } = await suite.open({ view: viewOf(fourLogins()), story: SLEPT });
    await openRows(page, "anthropic · home");
    await strip(page).focus();
    await page.keyboard.press("ArrowDown");
    const focused = "document.activeElement.textContent";
    expect(await page.evaluate(focused)).toBe("anthropic · spare");
    await strip(page).focus();
    await page.keyboard.press("Shift+Tab");
    expect(await page.evaluate(focused)).toBe("anthropic · home");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(focused)).toBe("History");
    await strip(page).focus();
    await page.keyboard.press("Escape");
    await strip(page).waitFor({ state: "detached" });
    expect(await page.evaluate(focused)).toBe("anthropic · home");
  });

  it("says what is pointed at: a time, or the mark that is near", async () => {
    const { page } = await suite.open({ view: viewOf([WELL]), story: SLEPT });
    const box = (await strip(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const point = (hours: number, more = 0) =>
      page.mouse.move(box.x + ((hours + 24) / 32) * box.width + more, box.y + 25);
    await point(-9);
    expect(await told(page)).toMatch(/^03:0\d: asleep or not running, access still valid until 06:00$/);
    await point(-4.85, 3);
    expect(await told(page)).toContain("refreshed; access valid");
    await page.mouse.move(0, 0);
    expect(await told(page)).toMatch(/^Now/);
  });

  it("draws each kind of time in a shape of its own", async () => {
    const { page } = await suite.open({ view: viewOf([WELL]), story: SLEPT, context: { forcedColors: "active" } });
    await strip(page).waitFor();
    const heights: readonly string[] = await page.evaluate(
      `[...document.querySelectorAll(".stretch")].map((each) => each.classList[1] + " " + each.querySelector(".body").getAttribute("height"))`,
    );
    expect(new Set(heights)).toEqual(new Set(["valid 18", "validOff 6", "off 3", "expired 18", "ahead 18"]));
    expect(await page.locator(".stretch.expired > rect").count()).toBe(2);
    expect(await page.locator(".event.refreshed circle").count()).toBe(3);
    expect(await page.locator(".event.next circle").count()).toBe(1);
  });

  it("tells the history: one sentence, then events, newest first, and where there is more", async () => {
    const { page } = await suite.open({ view: viewOf([accountIn("signIn")]), story: ENDED_STORY });
    const sentence = "Ended at 02:36: the provider says this login has ended or its token was used elsewhere.";
    await page.getByText(`${sentence} It was refreshed 62 times since 3 Nov.`).waitFor();
    const lines = page.locator(".events > li");
    expect(await lines.first().isVisible()).toBe(false);
    await page.locator("summary").press("Enter");
    await vi.waitFor(async () => expect(await lines.count()).toBe(50));
    expect((await lines.allInnerTexts()).slice(0, 2).map((text) => text.replaceAll("\n", " "))).toEqual([
      expect.stringMatching(/^02:36 the login has ended: .* · the provider$/),
      expect.stringMatching(/^Sun 22:42 pinged \(message\): ok · \d+ times since Sun \d\d:\d\d$/),
    ]);
    await page.getByText("Older: pilot-light history anthropic").waitFor();
  });

  it("is asked for when a row opens when its login changed, and when the window is turned to", async () => {
    let asked = 0;
    const replies = {
      loginStory: () => {
        asked += 1;
        return { ok: true, value: SLEPT } as const;
      },
    };
    const window = await suite.open({ view: viewOf(fourLogins()), replies });
    const { page } = window;
    await page.getByRole("article").first().waitFor();
    expect(asked).toBe(0);
    await openRows(page, "anthropic · work");
    await vi.waitFor(() => expect(asked).toBe(1));
    const [work, ...rest] = fourLogins();
    await window.push(viewOf(fourLogins(), { tray: "missing" }));
    await page.getByRole("article").first().waitFor();
    const pinged = accountIn("healthy", work?.id, {
      label: "work",
      lastPing: { at: NOON, outcome: "ok", mode: "message" },
    });
    await window.push(viewOf([pinged, ...rest]));
    await vi.waitFor(() => expect(asked).toBe(2));
    // A night asleep changes nothing in the view; who looks again is told of it.
    await page.evaluate("dispatchEvent(new Event('focus'))");
    await vi.waitFor(() => expect(asked).toBe(3));
  });

  it("says why it cannot be told", async () => {
    const replies = { loginStory: () => ({ ok: false, sentence: "Pilot Light is still starting." }) as const };
    const { page } = await suite.open({ view: viewOf([WELL]), replies });
    await page.getByText("Pilot Light is still starting.").waitFor();
  });

  describe.each(Object.entries(STORIES))("of %s", (_name, story) => {
    it.each([
      ["light", { colorScheme: "light" }],
      ["dark", { colorScheme: "dark" }],
      ["colours of the system", { forcedColors: "active" }],
    ] as const)("gives axe nothing to find, %s", async (_look, context) => {
      const { page } = await suite.open({ view: viewOf([WELL]), story, script: axe, context });
      await page.locator("summary").click();
      await strip(page).focus();
      expect(await axeFindings(page)).toEqual([]);
    });

    it.each([
      ["360 pixels", 360, 640],
      ["200 % zoom", 280, 320],
      ["200 % zoom of the narrowest window", 180, 320],
    ])("needs no sideways scrolling at %s", async (_size, width, height) => {
      const { page } = await suite.open({ view: viewOf([WELL]), story, context: { viewport: { width, height } } });
      await page.locator("summary").click();
      const widest: number = await page.evaluate(
        "Math.max(document.scrollingElement.scrollWidth, ...[...document.body.querySelectorAll('*')].map((each) => each.getBoundingClientRect().right))",
      );
      expect(widest).toBeLessThanOrEqual(width);
    });
  });
});
