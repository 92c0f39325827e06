import type { Page } from "playwright";
import { describe, expect, it, vi } from "vitest";
import { chromiumMissing } from "../support/window/browser.ts";
import { windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, viewOf } from "../support/window/views.ts";

/** What has the focus, by its name. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const { activeElement: it } = document;
    const by = document.getElementById(it.getAttribute("aria-labelledby") ?? "");
    return it.getAttribute("aria-label") ?? (by ?? it).textContent;
  })()`);

/** Does it show that it has the focus? */
const ring = (page: Page): Promise<string> => page.evaluate("getComputedStyle(document.activeElement).outlineStyle");

describe.skipIf(chromiumMissing())("the window with the keyboard alone", () => {
  const suite = windowSuite();

  it("is walked through in the order in which it is read, and shows where one is", async () => {
    const { page } = await suite.open({ view: viewOf(fourLogins()) });
    await page.getByRole("article").first().waitFor();
    const walked: string[] = [];
    for (let step = 0; step < 11; step += 1) {
      await page.keyboard.press("Tab");
      walked.push(await focused(page));
      expect(await ring(page)).toBe("solid");
    }
    expect(walked).toEqual([
      "Refresh all now",
      "Settings",
      "Copy sign-in command: anthropic · old job",
      "Try once more …: anthropic · old job",
      "Refresh now: anthropic · home",
      "Ping now: anthropic · home",
      "Resume pings: anthropic · home",
      "Pause pings …: anthropic · spare",
      "Refresh now: anthropic · work",
      "Ping now: anthropic · work",
      "Pause pings …: anthropic · work",
    ]);
  });

  it("answers a question: into it, back out with Escape, and through it", async () => {
    const window = await suite.open({ view: viewOf([accountIn("signIn")]) });
    const { page } = window;
    await page.getByRole("button", { name: "Try once more …: anthropic" }).focus();
    await page.keyboard.press("Enter");
    await vi.waitFor(async () => expect(await focused(page)).toContain("the attempt is recorded"));
    await page.keyboard.press("Escape");
    await vi.waitFor(async () => expect(await focused(page)).toBe("Try once more …: anthropic"));
    expect(window.calls).toEqual([]);

    await page.keyboard.press("Space");
    await vi.waitFor(async () => expect(await focused(page)).toContain("the attempt is recorded"));
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Try once more: anthropic");
    await page.keyboard.press("Enter");
    await vi.waitFor(async () => expect(await focused(page)).toBe("Try once more …: anthropic"));
    expect(window.calls).toEqual([["refresh", "anthropic"]]);
  });

  it("opens the settings, turns a switch, and closes them", async () => {
    const window = await suite.open({ view: viewOf([accountIn("healthy")]) });
    const { page } = window;
    await page.getByRole("button", { name: "Settings" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Settings" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.getByRole("switch", { name: /^Start at login/ }).focus();
    await page.keyboard.press("Space");
    const profile = { key: "ping.mode", value: "profile" } as const;
    await vi.waitFor(() =>
      expect(window.calls).toEqual([
        ["changeSettings", profile],
        ["setStartAtLogin", true],
      ]),
    );
    await page.getByRole("button", { name: "Settings", expanded: true }).press("Enter");
    await page.getByRole("region", { name: "Settings" }).waitFor({ state: "detached" });
  });

  it("keeps the place while a login is refreshed", async () => {
    const window = await suite.open({ view: viewOf(fourLogins()) });
    const { page } = window;
    const [work, ...rest] = fourLogins();
    await page.getByRole("button", { name: "Refresh now: anthropic · work" }).press("Enter");
    await window.push(viewOf(fourLogins(), { busy: ["anthropic/a1"] }));
    await window.push(viewOf([accountIn("refreshing", work?.id, { label: "work" }), ...rest]));
    await page.getByText("refreshing", { exact: true }).waitFor();
    expect(await focused(page)).toBe("Refresh now: anthropic · work");
  });

  it("falls back to the card when the button goes away, and goes on from there", async () => {
    const window = await suite.open({ view: viewOf([accountIn("healthy")], { tray: "missing" }) });
    const { page } = window;
    await page.getByRole("button", { name: "Ping now: anthropic" }).focus();
    await window.push(viewOf([accountIn("signIn")], { tray: "missing" }));
    await vi.waitFor(async () => expect(await focused(page)).toBe("anthropic"));
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Copy sign-in command: anthropic");
  });

  it("does not hide what has the focus under the header", async () => {
    const logins = Array.from({ length: 30 }, (_, at) => accountIn("healthy", `anthropic/r${at}`));
    const { page } = await suite.open({ view: viewOf(logins) });
    await page.getByRole("button", { name: "Pause pings …: anthropic · anthropic/r29" }).focus();
    for (let step = 0; step < 30; step += 1) {
      await page.keyboard.press("Shift+Tab");
      const room: number = await page.evaluate(
        `document.activeElement.getBoundingClientRect().top - document.querySelector(".top").getBoundingClientRect().bottom`,
      );
      expect(room).toBeGreaterThanOrEqual(0);
    }
  });
});
