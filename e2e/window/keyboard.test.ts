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
const ring = (page: Page): Promise<string> =>
  page.evaluate(
    `getComputedStyle(document.activeElement, document.activeElement.matches(".opener") ? "::after" : null).outlineStyle`,
  );

describe.skipIf(chromiumMissing())("the window with the keyboard alone", () => {
  const suite = windowSuite();

  it("is walked through in the order in which it is read, and shows where one is", async () => {
    const { page } = await suite.open({ view: viewOf(fourLogins()) });
    await page.getByRole("article").first().waitFor();
    const walked: string[] = [];
    for (let step = 0; step < 9; step += 1) {
      await page.keyboard.press("Tab");
      walked.push(await focused(page));
      expect(await ring(page)).toBe("solid");
    }
    expect(walked).toEqual([
      "Refresh all now",
      "Settings",
      "anthropic · old job",
      "Copy sign-in command: anthropic · old job",
      "anthropic · home",
      "Refresh now: anthropic · home",
      "anthropic · spare",
      "anthropic · work",
      "Refresh now: anthropic · work",
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
    await page.getByText("refreshing now", { exact: true }).waitFor();
    expect(await focused(page)).toBe("Refresh now: anthropic · work");
  });

  it("falls back to the row when the button goes away, and goes on from there", async () => {
    const window = await suite.open({ view: viewOf([accountIn("healthy")], { tray: "missing" }) });
    const { page } = window;
    await page.getByRole("button", { name: "Ping now: anthropic" }).focus();
    await window.push(viewOf([accountIn("signIn")], { tray: "missing" }));
    await vi.waitFor(async () => expect(await focused(page)).toBe("anthropic"));
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("anthropic");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Copy sign-in command: anthropic");
  });

  it("walks from row to row with the arrows, from anywhere in a row, and stops at the ends", async () => {
    const { page } = await suite.open({ view: viewOf(fourLogins()) });
    await page.getByRole("button", { name: "anthropic · old job", exact: true }).focus();
    const walked: string[] = [];
    for (const key of ["ArrowUp", "ArrowDown", "Tab", "ArrowDown", "ArrowDown", "ArrowDown", "Tab", "ArrowUp"]) {
      await page.keyboard.press(key);
      walked.push(await focused(page));
    }
    expect(walked.map((name) => name.replace("anthropic · ", ""))).toEqual([
      "old job",
      "home",
      "Refresh now: home",
      "spare",
      "work",
      "work",
      "Refresh now: work",
      "spare",
    ]);
  });

  it.each(["Enter", "Space"])(
    "opens a row with %s, several at a time, and closes with Escape the one it is in",
    async (key) => {
      const { page } = await suite.open({ view: viewOf(fourLogins()) });
      const opened = page.locator(".opener[aria-expanded=true]");
      for (const name of ["anthropic · spare", "anthropic · work"]) {
        await page.getByRole("button", { name, exact: true }).focus();
        await page.keyboard.press(key);
      }
      await vi.waitFor(async () => expect(await opened.count()).toBe(2));
      const details = await opened.last().getAttribute("aria-controls");
      expect(await page.locator(`[id="${details}"]`).innerText()).toContain("anthropic/a1");

      // A question is taken back first.
      await page.getByRole("button", { name: "Pause pings …: anthropic · work" }).press("Enter");
      await page.getByRole("group").waitFor();
      await page.keyboard.press("Escape");
      await vi.waitFor(async () => expect(await focused(page)).toBe("Pause pings …: anthropic · work"));
      expect(await opened.count()).toBe(2);
      await page.keyboard.press("Escape");
      await vi.waitFor(async () => expect(await focused(page)).toBe("anthropic · work"));
      expect(await opened.allTextContents()).toEqual(["anthropic · spare"]);
      await page.keyboard.press("Escape");
      expect(await opened.count()).toBe(1);
    },
  );

  it.each(["Control+r", "Meta+r"])("refreshes all logins with %s, once, wherever the focus is", async (keys) => {
    const window = await suite.open({ view: viewOf(fourLogins()) });
    const { page } = window;
    await page.getByRole("article").first().waitFor();
    await page.keyboard.press(keys);
    await vi.waitFor(() => expect(window.calls).toEqual([["refreshAll"]]));
    await window.push(viewOf(fourLogins(), { busy: ["*", ...fourLogins().map(({ id }) => id)] }));
    await page.getByRole("button", { name: "Refresh all now", disabled: true }).focus();
    await page.keyboard.press(keys);
    await window.push(viewOf(fourLogins()));
    await page.getByRole("button", { name: "anthropic · work", exact: true }).press(keys);
    await vi.waitFor(() => expect(window.calls).toEqual([["refreshAll"], ["refreshAll"]]));
  });

  it("does not hide what has the focus under the header", async () => {
    const logins = Array.from({ length: 30 }, (_, at) => accountIn("healthy", `anthropic/r${at}`));
    const { page } = await suite.open({ view: viewOf(logins) });
    await page.getByRole("button", { name: "Refresh now: anthropic · anthropic/r29" }).focus();
    for (let step = 0; step < 30; step += 1) {
      await page.keyboard.press("Shift+Tab");
      const room: number = await page.evaluate(
        `document.activeElement.getBoundingClientRect().top - document.querySelector(".top").getBoundingClientRect().bottom`,
      );
      expect(room).toBeGreaterThanOrEqual(0);
    }
  });
});
