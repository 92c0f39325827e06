import { describe, expect, it, vi } from "vitest";
import { chromiumMissing } from "../support/window/browser.ts";
import { windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, NOON, NOTICE, viewOf } from "../support/window/views.ts";

const MINUTE = 60_000;

describe.skipIf(chromiumMissing())("the rows of the window, as things change", () => {
  const suite = windowSuite();

  it("says aloud once which login is now otherwise, and how all are", async () => {
    const window = await suite.open({ view: viewOf(fourLogins()) });
    const { page } = window;
    const aloud = () => page.locator("[role=status], [role=alert]").allTextContents();
    await vi.waitFor(async () => expect((await aloud()).filter(Boolean)).toEqual(["1 of 4 logins needs you"]));
    const [work, home, , spare] = fourLogins();
    await window.push(viewOf([accountIn("refreshing", work?.id, { label: "work" }), ...fourLogins().slice(1)]));
    await page.getByText("refreshing now").waitFor();
    expect((await aloud()).filter(Boolean)).toEqual(["1 of 4 logins needs you"]);
    const ended = accountIn("signIn", work?.id, { label: "work" });
    await window.push(viewOf([ended, ...fourLogins().slice(1)]));
    const said = "anthropic · work: sign in. 2 of 4 logins need you";
    await vi.waitFor(async () => expect((await aloud()).filter(Boolean)).toEqual([said]));
    // Where one goes as another comes, the sum stays.
    await window.push(
      viewOf(
        [home, spare, ended, accountIn("unreadable", "anthropic/c3", { label: "old job" })].flatMap(
          (login) => login ?? [],
        ),
      ),
    );
    await vi.waitFor(async () =>
      expect((await aloud()).filter(Boolean)).toEqual([
        "anthropic · old job: unreadable. 1 of 4 logins cannot be read",
      ]),
    );
  });

  it("shows in a closed row what came of a command, in its place or below, and not for long", async () => {
    const answers = (sentence: string) => ({ answers: { "anthropic/a1": { at: NOON, sentence } } });
    const window = await suite.open({ view: viewOf(fourLogins(), answers("Refreshed.")), clock: "ours" });
    const row = window.page.getByRole("article", { name: "anthropic · work" });
    await row.waitFor();
    await window.page.clock.pauseAt(NOON + 10_000);
    await vi.waitFor(async () => expect(await row.locator(".news").innerText()).toBe("Refreshed."));
    const low = (await row.boundingBox())?.height ?? 0;
    await window.push(viewOf(fourLogins(), answers("The provider says to wait until 14:00. Nothing was sent.")));
    await row.locator(".answer").waitFor();
    await window.push(viewOf(fourLogins(), answers("Refreshed.")));
    await window.page.clock.runFor(MINUTE);
    await vi.waitFor(async () => expect(await row.locator(".news").innerText()).toContain("pinged"));
    expect((await row.boundingBox())?.height).toBe(low);
  });

  it("tells main how high it is, until somebody touches it", async () => {
    const window = await suite.open({ view: viewOf(fourLogins()) });
    const height = async () =>
      Math.ceil(Number(await window.page.evaluate("document.getElementById('page').getBoundingClientRect().height")));
    await window.page.getByRole("article").first().waitFor();
    await vi.waitFor(async () => expect(window.heights.at(-1)).toBe(await height()));
    await window.push(viewOf([accountIn("healthy")], { tray: "missing" }));
    await window.page.getByText("Nothing has happened yet.").waitFor();
    await vi.waitFor(async () => expect(window.heights.at(-1)).toBe(await height()));
    const told = window.heights.length;
    await window.page.keyboard.press("Shift");
    await window.push(viewOf(fourLogins()));
    await window.page.getByRole("article").nth(3).waitFor();
    // The next frame has come and gone.
    await window.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    expect(window.heights).toHaveLength(told);
  });

  it("tells main how high it is once more when pings were chosen", async () => {
    const window = await suite.open({ view: viewOf([accountIn("healthy")], { notice: NOTICE }) });
    await window.page.getByText("Nothing has happened yet.").waitFor();
    const height = () => window.page.evaluate("document.getElementById('page').getBoundingClientRect().height");
    await vi.waitFor(async () => expect(window.heights.at(-1)).toBe(Math.ceil(Number(await height()))));
    const told = window.heights.length;
    await window.page.getByRole("button", { name: /^Off/ }).click();
    await window.push(viewOf([accountIn("healthy")]));
    await vi.waitFor(() => expect(window.heights).toHaveLength(told + 1));
    expect(window.heights.at(-1)).toBeLessThan(window.heights[told - 1] ?? 0);
  });
});
