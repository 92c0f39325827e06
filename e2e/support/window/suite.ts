/** What every test of the window needs around it: one browser and one build for each file, and a clean end. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launchChromium } from "./browser.ts";
import { type BuiltWindow, buildWindow, type OpenOptions, type OpenWindow, openWindow } from "./page.ts";

export interface Suite {
  /**
   * Closed after the test; then nothing may have gone wrong in the page.
   * @param complaints "expected" when the test makes the page complain, and looks at that itself
   */
  readonly open: (options: OpenOptions, complaints?: "none" | "expected") => Promise<OpenWindow>;
  readonly folder: () => string;
}

/** To be called inside `describe`. */
export function windowSuite(): Suite {
  let browser: Browser | undefined;
  let built: BuiltWindow | undefined;
  let opened: { readonly window: OpenWindow; readonly complaints: "none" | "expected" }[] = [];
  beforeAll(async () => {
    [browser, built] = await Promise.all([launchChromium(), buildWindow()]);
  });
  afterEach(async () => {
    const all = opened;
    opened = [];
    for (const { window } of all) await window.close();
    const judged = all.filter(({ complaints }) => complaints === "none");
    expect(judged.flatMap(({ window }) => window.complaints)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await built?.remove();
  });
  return {
    async open(options, complaints = "none") {
      if (browser === undefined || built === undefined) throw new Error("nothing was built");
      const window = await openWindow(browser, built, options);
      opened.push({ window, complaints });
      return window;
    },
    folder() {
      if (built === undefined) throw new Error("nothing was built");
      return built.folder;
    },
  };
}

/** Opens the rows of these logins, or of all. */
export async function openRows(page: Page, ...names: readonly string[]): Promise<void> {
  const closed = (name?: string) =>
    page
      .locator(".opener")
      .and(page.getByRole("button", { expanded: false, ...(name === undefined ? {} : { name, exact: true }) }));
  await page.getByRole("article").first().waitFor();
  if (names.length === 0) while ((await closed().count()) > 0) await closed().first().click();
  for (const name of names) await closed(name).click();
}

/** axe as an init script: those run in front of the page's own, and its CSP stays in force for everything else. */
export async function axeScript(): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
}

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] as const;

/** @returns what axe finds wrong, each with the elements. Needs `axeScript` in the page. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  const results = await page.evaluate(async (tags): Promise<AxeResults> => {
    const axe: { run(options: object): Promise<AxeResults> } = Reflect.get(globalThis, "axe");
    // Preloading would fetch the style sheet, which the page's CSP forbids.
    return axe.run({ runOnly: tags, preload: false });
  }, TAGS);
  expect(results.passes.length).toBeGreaterThan(5);
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ""}`),
  );
}
