import type { Locator } from "playwright";
import { describe, expect, it, vi } from "vitest";
import { chromiumMissing } from "../support/window/browser.ts";
import { windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, NOON, viewOf } from "../support/window/views.ts";

const many = (count: number) =>
  Array.from({ length: count }, (_, at) => accountIn("signIn", `anthropic/r${at}`, { label: `login ${at}` }));

describe.skipIf(chromiumMissing())("the places in the window", () => {
  const suite = windowSuite();

  const isAt = async (what: Locator, selector: string): Promise<boolean> =>
    (await what.and(what.page().locator(selector)).count()) === 1;

  /** Is it wholly to be seen, with nothing over it? */
  const inSight = async (what: Locator): Promise<boolean> => {
    const [header, box, size] = [
      await what.page().locator("header.top").boundingBox(),
      await what.boundingBox(),
      what.page().viewportSize(),
    ];
    if (header === null || box === null || size === null) return false;
    return box.y >= header.y + header.height && box.y < size.height;
  };

  it("come by need, and else as the file has them", async () => {
    const window = await suite.open({ view: viewOf(fourLogins()) });
    const names = window.page.getByRole("article").getByRole("heading");
    const shown = (all: readonly string[]) =>
      vi.waitFor(async () => expect(await names.allTextContents()).toEqual(all.map((name) => `anthropic · ${name}`)));
    // The login of "home" ends in two days.
    await shown(["old job", "home", "spare", "work"]);
    await window.push(viewOf([...fourLogins().toReversed(), accountIn("oldCopy", "anthropic/e5", { label: "copy" })]));
    await shown(["old job", "copy", "home", "spare", "work"]);
  });

  it.each([0, 1, 2])("keep the focus in a row that moves: number %i of three", async (at) => {
    const three = (worst: number, best: number) =>
      viewOf(
        [0, 1, 2].map((n) => {
          const state = n === worst ? "retrying" : n === best ? "healthy" : "paused";
          return accountIn(state, `a/r${n}`, { loginEndsAt: null });
        }),
      );
    const window = await suite.open({ view: three(at, -1) });
    const { page } = window;
    const rows = page.getByRole("article");
    const button = page.getByRole("button", { name: new RegExp(`^Refresh now: a · a/r${at}`) });
    await button.focus();
    for (const [place, view] of [
      ["last", three(-1, at)],
      ["first", three(at, -1)],
    ] as const) {
      await window.push(view);
      await rows[place]()
        .filter({ hasText: `a/r${at}` })
        .waitFor();
      await vi.waitFor(async () => expect(await isAt(button, ":focus")).toBe(true));
    }
    // Who has left it is not called back.
    await page.getByRole("main").click({ position: { x: 2, y: 2 } });
    await window.push(three(-1, at));
    await rows
      .last()
      .filter({ hasText: `a/r${at}` })
      .waitFor();
    expect(await page.evaluate("document.activeElement === document.body")).toBe(true);
  });

  it("show the settings when they are opened from below", async () => {
    const { page } = await suite.open({ view: viewOf(many(12)) });
    await page.getByRole("article").last().scrollIntoViewIfNeeded();
    await page.getByRole("button", { name: "Settings" }).click();
    const settings = page.getByRole("heading", { name: "Settings" });
    await vi.waitFor(async () => expect(await inSight(settings)).toBe(true));
  });

  it.each([
    ["when it opens", true],
    ["while it is open", false],
  ])("lead to the login that the window was asked for %s", async (_when, atOnce) => {
    const shownLogin = { id: "anthropic/r10", at: NOON };
    const window = await suite.open({ view: viewOf(many(12), atOnce ? { shownLogin } : {}) });
    const card = window.page.getByRole("article", { name: "login 10" });
    await card.waitFor();
    if (!atOnce) await window.push(viewOf(many(12), { shownLogin }));
    await vi.waitFor(async () => expect(await isAt(card, ":focus-visible")).toBe(true));
    await card.getByText("anthropic/r10", { exact: true }).waitFor();
    await vi.waitFor(async () => expect(await inSight(card)).toBe(true));

    // Asked for again, it is shown again; a view that only tells news moves nobody.
    await window.page.getByRole("button", { name: "Settings" }).focus();
    await window.push(viewOf(many(12), { shownLogin, tokensToday: { a: 1 } }));
    await window.push(viewOf(many(12), { shownLogin, tokensToday: { a: 2 } }));
    expect(await isAt(card, ":focus")).toBe(false);
    await window.push(viewOf(many(12), { shownLogin: { ...shownLogin, at: NOON + 1 } }));
    await vi.waitFor(async () => expect(await isAt(card, ":focus")).toBe(true));

    // Closed by hand it stays closed, until it is asked for again.
    await window.page.keyboard.press("Escape");
    await card.getByText("anthropic/r10", { exact: true }).waitFor({ state: "detached" });
    await window.push(viewOf(many(12), { shownLogin: { ...shownLogin, at: NOON + 1 }, tokensToday: { a: 3 } }));
    await window.push(viewOf(many(12), { shownLogin: { ...shownLogin, at: NOON + 2 } }));
    await card.getByText("anthropic/r10", { exact: true }).waitFor();
  });
});
