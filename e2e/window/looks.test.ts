import { beforeAll, describe, expect, it } from "vitest";
import type { View } from "../../app/shared/view/view.ts";
import { chromiumMissing } from "../support/window/browser.ts";
import { axeFindings, axeScript, windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, NOON, NOTICE, viewOf } from "../support/window/views.ts";

const LONG = [
  accountIn("healthy", `anthropic/${"x".repeat(200)}`, { label: "a very long name that goes on and on ".repeat(8) }),
  accountIn("signIn", "anthropic/l2", { label: "W".repeat(200) }),
  accountIn("unmanaged", "a-provider-with-a-very-long-name-".repeat(5)),
];

const VIEWS: Readonly<Record<string, View>> = {
  "four logins": viewOf(fourLogins()),
  "no file yet": viewOf([], {}, { format: null }),
  "a file without logins": viewOf([]),
  "the first run": viewOf([accountIn("healthy")], { notice: NOTICE }),
  "pings that this run decides": viewOf([accountIn("healthy")], {
    pings: { mode: "profile", dailyTokens: 5_000, lockedBy: "env" },
    names: { anthropic: "work" },
    schedule: "classic",
  }),
  "settings that cannot be used": viewOf([accountIn("healthy")], {
    settingsProblem: { sentence: "The settings file is not JSON (line 3, column 1).", maySetAside: true },
  }),
  "a viewer without a tray": viewOf([accountIn("healthy")], {
    role: { name: "viewer", keeperPid: 4_711 },
    tray: "missing",
    allPaused: { until: null },
    demo: true,
  }),
  "a file that cannot be used": viewOf([], { problem: "The settings file is not JSON." }, { problem: "it is empty" }),
  "30 accounts": viewOf(Array.from({ length: 30 }, (_, at) => accountIn("healthy", `anthropic/r${at}`))),
  "long names": viewOf(LONG),
  "commands at work": viewOf(fourLogins(), {
    busy: ["anthropic/a1"],
    answers: { "anthropic/b2": { at: NOON - 5_000, sentence: "Refreshed." }, "*": { at: NOON, sentence: "Done." } },
    startAtLogin: { on: true, locked: { kind: "checkout" } },
  }),
};
const CASES = Object.entries(VIEWS);

describe.skipIf(chromiumMissing())("the look of the window", () => {
  const suite = windowSuite();
  let axe = "";
  beforeAll(async () => {
    axe = await axeScript();
  });

  describe.each(CASES)("with %s", (_name, view) => {
    it.each(["light", "dark"] as const)("gives axe nothing to find, %s", async (colorScheme) => {
      const { page } = await suite.open({ view, script: axe, context: { colorScheme } });
      await page.getByRole("button", { name: "Settings", exact: true }).click();
      await page.getByRole("region", { name: "Settings" }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
    });

    it.each([
      ["360 pixels", 360, 640],
      ["200 % zoom", 280, 320],
      ["200 % zoom of the narrowest window", 180, 320],
    ])("needs no sideways scrolling at %s", async (_size, width, height) => {
      const { page } = await suite.open({ view, context: { viewport: { width, height } } });
      await page.getByRole("button", { name: "Settings", exact: true }).click();
      await page.getByRole("region", { name: "Settings" }).waitFor();
      const widest: number = await page.evaluate(
        "Math.max(...[...document.body.querySelectorAll('*')].map((each) => each.getBoundingClientRect().right))",
      );
      expect(widest).toBeLessThanOrEqual(width);
    });
  });

  it("tells a long name in full where it is cut", async () => {
    const { page } = await suite.open({ view: viewOf(LONG) });
    const name = page.getByRole("heading", { name: /^anthropic · WWW/ });
    expect(await name.getAttribute("title")).toBe(`anthropic · ${"W".repeat(200)}`);
    const box = await name.boundingBox();
    expect(box?.height).toBeLessThan(60);
  });

  it("turns nothing for who wants no motion", async () => {
    const turning = "getComputedStyle(document.querySelector('.mark.working')).animationName";
    for (const [reducedMotion, animation] of [
      ["no-preference", "turn"],
      ["reduce", "none"],
    ] as const) {
      const { page } = await suite.open({ view: viewOf([accountIn("refreshing")]), context: { reducedMotion } });
      await page.getByRole("article").waitFor();
      expect(await page.evaluate(turning)).toBe(animation);
    }
  });

  it.each<[string, View]>([
    ["All well", viewOf([accountIn("healthy")])],
    ["At work", viewOf([accountIn("refreshing")])],
    ["A login may need you soon", viewOf([accountIn("retrying", "anthropic", { accessExpiresAt: NOON - 1 })])],
    ["A login needs you", viewOf(fourLogins())],
    ["Pings are paused", viewOf([accountIn("paused", "anthropic", { loginEndsAt: null })])],
    ["Out of order", VIEWS["a file that cannot be used"] ?? viewOf([])],
  ])("has a flame that says: %s", async (name, view) => {
    const { page } = await suite.open({ view });
    const flame = page.getByRole("banner").getByRole("img", { name, exact: true });
    await flame.waitFor();
    expect(await flame.locator(":scope > path").count()).toBe(2);
  });

  it("keeps marks and edges where the system chooses the colours", async () => {
    const { page } = await suite.open({ view: viewOf(fourLogins()), context: { forcedColors: "active" } });
    await page.getByRole("article").first().waitFor();
    const edges: string = await page.evaluate("getComputedStyle(document.querySelector('.button')).borderTopStyle");
    expect(edges).toBe("solid");
    const drawn: boolean = await page.evaluate(
      "[...document.querySelectorAll('.mark .filled')].every((each) => getComputedStyle(each).fill !== 'none')",
    );
    expect(drawn).toBe(true);
  });
});
