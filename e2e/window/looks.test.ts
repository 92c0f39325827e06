import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Login } from "../../app/shared/login/snapshot.ts";
import type { View } from "../../app/shared/view/view.ts";
import { chromiumMissing } from "../support/window/browser.ts";
import { axeFindings, axeScript, openRows, windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, NOON, NOTICE, viewOf } from "../support/window/views.ts";

const LONG = [
  accountIn("healthy", `anthropic/${"x".repeat(200)}`, { label: "a very long name that goes on and on ".repeat(8) }),
  accountIn("signIn", "anthropic/l2", { label: "W".repeat(200) }),
  accountIn("healthy", "anthropic/l3", { label: "מחשב נייד של העבודה ".repeat(8) }),
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
    it.each([
      ["light", { colorScheme: "light" }],
      ["dark", { colorScheme: "dark" }],
      ["colours of the system", { forcedColors: "active" }],
    ] as const)("gives axe nothing to find, %s", async (_look, context) => {
      const { page } = await suite.open({ view, script: axe, context });
      await page.getByRole("button", { name: "Settings", exact: true }).click();
      await page.getByRole("region", { name: "Settings" }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      if ((await page.getByRole("article").count()) === 0) return;
      await openRows(page);
      expect(await axeFindings(page)).toEqual([]);
    });

    it("needs no sideways scrolling, from 1400 pixels to 200 % zoom of the narrowest window", async () => {
      const { page } = await suite.open({ view, context: { viewport: { width: 1_400, height: 800 } } });
      await page.getByRole("button", { name: "Settings", exact: true }).click();
      await page.getByRole("region", { name: "Settings" }).waitFor();
      if ((await page.getByRole("article").count()) > 0) await openRows(page);
      const tooWide: (readonly [width: number, widest: number])[] = [];
      // At 900 there are two columns; 280 and 180 are 200 % zoom.
      for (const width of [1_400, 900, 360, 280, 180]) {
        await page.setViewportSize({ width, height: 640 });
        const widest: number = await page.evaluate(
          "Math.max(...[...document.body.querySelectorAll('*')].map((each) => each.getBoundingClientRect().right))",
        );
        if (widest > width) tooWide.push([width, widest]);
      }
      expect(tooWide).toEqual([]);
    });
  });

  it("tells a long name in full where it is cut", async () => {
    const { page } = await suite.open({ view: viewOf(LONG) });
    const name = page.getByRole("heading", { name: /^anthropic · WWW/ });
    expect(await name.getByRole("button").getAttribute("title")).toBe(`anthropic · ${"W".repeat(200)}`);
    const box = await name.boundingBox();
    expect(box?.height).toBeLessThan(30);
    // Opened, it is there in full, whichever way it is written.
    await openRows(page);
    const cut: number = await page.evaluate(
      "[...document.querySelectorAll('.opener *')].filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0).length",
    );
    expect(cut).toBe(0);
  });

  it("names the provider in each closed row only where there are several", async () => {
    const shown = async (logins: readonly Login[]) => {
      const { page } = await suite.open({ view: viewOf(logins) });
      await page.getByRole("button", { name: "anthropic · home", exact: true }).waitFor();
      return page.locator(".prefix").count();
    };
    expect(await shown(fourLogins())).toBe(0);
    expect(await shown([...fourLogins(), accountIn("healthy", "second/x")])).toBe(5);
  });

  it("needs no scrollbar in a window of the height that it asks for", async () => {
    const { page, heights } = await suite.open({ view: viewOf(fourLogins()) });
    await vi.waitFor(() => expect(heights).toHaveLength(1));
    // What is only heard takes room as well.
    const lowest: number = await page.evaluate(
      "Math.max(...[...document.querySelectorAll('body *')].map((each) => each.getBoundingClientRect().bottom))",
    );
    expect(lowest).toBeLessThanOrEqual(heights[0] ?? 0);
  });

  it("has room for twelve rows in a window of 600 by 680", async () => {
    const logins = Array.from({ length: 12 }, (_, at) => accountIn("healthy", `anthropic/r${at}`));
    // Less the title bar.
    const { page } = await suite.open({ view: viewOf(logins), context: { viewport: { width: 600, height: 640 } } });
    const last = await page.getByRole("article").last().boundingBox();
    expect(last?.height).toBeLessThanOrEqual(44);
    expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThan(640);
  });

  it("is read down two columns where there is room, which an opened row does not mix", async () => {
    const { page } = await suite.open({
      view: VIEWS["30 accounts"] ?? viewOf([]),
      context: { viewport: { width: 900, height: 700 } },
    });
    const columns = async () => {
      const boxes: readonly number[] = await page.evaluate(
        "[...document.querySelectorAll('.login')].map((each) => each.getBoundingClientRect().x)",
      );
      return [...new Set(boxes)].map((x) => boxes.filter((each) => each === x).length);
    };
    await page.getByRole("article").first().waitFor();
    expect(await columns()).toEqual([15, 15]);
    await openRows(page, "anthropic · anthropic/r3");
    expect(await columns()).toEqual([15, 15]);
    const [first, second] = [
      await page.getByRole("article").first().boundingBox(),
      await page.getByRole("article").nth(15).boundingBox(),
    ];
    expect(first?.y).toBe(second?.y);
  });

  it("shows one login with all that is known of it, and bars with words beside them", async () => {
    const { page } = await suite.open({ view: viewOf([accountIn("healthy")]) });
    const row = page.getByRole("article");
    await row.getByText("90 % left").waitFor();
    await row.getByText("19 of about 30 days left").waitFor();
    expect(await row.locator(".bar").count()).toBe(2);
    const unknown = accountIn("healthy", "anthropic", { lastRefresh: null, loginEndsAt: null });
    const other = await suite.open({ view: viewOf([unknown]) });
    await other.page.getByText("no known deadline").waitFor();
    expect(await other.page.locator(".bar").count()).toBe(0);
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
