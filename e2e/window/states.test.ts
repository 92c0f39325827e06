import { beforeAll, describe, expect, it } from "vitest";
import { asksForSignIn } from "../../app/shared/login/need.ts";
import { allows, type Command, isManaged, needsSignIn, weightOf } from "../../app/shared/login/rules.ts";
import { LOGIN_STATE_NAMES } from "../../app/shared/login/states.ts";
import { STATE_WORDS, windowSentence } from "../../app/shared/words/state.ts";
import { chromiumMissing } from "../support/window/browser.ts";
import { axeFindings, axeScript, windowSuite } from "../support/window/suite.ts";
import { accountIn, HINT, NOON, viewOf } from "../support/window/views.ts";

/** How a button's name begins, by what it does. */
const BUTTONS: Readonly<Record<Command, RegExp>> = {
  refresh: /^Refresh now:/,
  tryOnce: /^Try once more …:/,
  ping: /^Ping now:/,
  pause: /^Pause pings …:/,
  resume: /^Resume pings:/,
  allow: /^(Refresh it anyway|Use it anyway|Put the safe copy back) …:/,
};
const COMMANDS = Object.keys(BUTTONS).filter((name): name is keyof typeof BUTTONS => Object.hasOwn(BUTTONS, name));

describe.skipIf(chromiumMissing())("the row of a login", () => {
  const suite = windowSuite();
  let axe = "";
  beforeAll(async () => {
    axe = await axeScript();
  });

  describe.each(LOGIN_STATE_NAMES)("in state %s", (state) => {
    const login = accountIn(state, "anthropic/r1", { label: "work" });

    it("says its state, its reason and both clocks, with a shape beside the word", async () => {
      const { page } = await suite.open({ view: viewOf([login], { tokensToday: { "anthropic/r1": 96 } }) });
      const row = page.getByRole("article", { name: "anthropic · work" });
      expect(await row.locator(".state").innerText()).toBe(STATE_WORDS[state]);
      expect(await row.locator("svg.mark > *").count()).toBe(1);
      const said = await row.innerText();
      expect(said).toContain(windowSentence(login, HINT, NOON) ?? "");
      expect(said).not.toContain("pilot-light");
      const facts = await row.locator("dt").allInnerTexts();
      if (!isManaged(state)) expect(facts).toEqual(["ID"]);
      else {
        expect(facts.slice(0, 4)).toEqual(["access", "login", "refresh", "ping"]);
        expect(await row.innerText()).toContain("~96 tokens today");
      }
    });

    it("says at a glance what it needs, and offers the one button for it", async () => {
      const { page } = await suite.open({ view: viewOf([login, accountIn("healthy", "anthropic/r2")]) });
      const row = page.getByRole("article", { name: "anthropic · work" });
      expect((await row.locator(".state").textContent())?.replace(", ", "")).toBe(STATE_WORDS[state]);
      expect(await row.locator("dl").count()).toBe(0);
      const needs = ["needsYou", "unreadable"].includes(weightOf(login));
      const sentence = windowSentence(login, HINT, NOON) ?? "";
      expect((await row.innerText()).includes(sentence) && sentence !== "").toBe(needs);
      const buttons = await row.locator(".button").all();
      const names = await Promise.all(buttons.map((button) => button.getAttribute("aria-label")));
      const main = needsSignIn(state) ? "Copy sign-in command" : state === "shared" ? "Refresh it anyway …" : null;
      const refresh = allows(state, "refresh") || state === "refreshing" ? "Refresh now" : null;
      expect(names).toEqual([main ?? refresh].flatMap((text) => (text === null ? [] : [`${text}: anthropic · work`])));
    });

    it("offers what the rules allow, and nothing else", async () => {
      const { page } = await suite.open({ view: viewOf([login]) });
      const row = page.getByRole("article", { name: "anthropic · work" });
      await row.waitFor();
      for (const command of COMMANDS) {
        const buttons = row.getByRole("button", { name: BUTTONS[command], disabled: false });
        expect([command, await buttons.count()]).toEqual([command, allows(state, command) ? 1 : 0]);
      }
      expect(await row.getByRole("button", { name: /^Copy sign-in command:/ }).count()).toBe(
        asksForSignIn(login, NOON) ? 1 : 0,
      );
      // A name tells which login it is about, also for who hears the button alone.
      for (const button of await row.locator(".button").all())
        expect(await button.getAttribute("aria-label")).toMatch(/: anthropic · work$/);
    });

    it.each(["light", "dark"] as const)("gives axe nothing to find, %s", async (colorScheme) => {
      const { page } = await suite.open({ view: viewOf([login]), script: axe, context: { colorScheme } });
      await page.getByRole("article").waitFor();
      expect(await axeFindings(page)).toEqual([]);
      const closed = page.locator("[aria-expanded=false]");
      while ((await closed.count()) > 0) await closed.first().click();
      await page.getByRole("region", { name: "Settings" }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
    });
  });
});
