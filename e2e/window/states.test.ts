import { beforeAll, describe, expect, it } from "vitest";
import { allows, type Command, isManaged, needsSignIn } from "../../app/shared/login/rules.ts";
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

describe.skipIf(chromiumMissing())("the card of a login", () => {
  const suite = windowSuite();
  let axe = "";
  beforeAll(async () => {
    axe = await axeScript();
  });

  describe.each(LOGIN_STATE_NAMES)("in state %s", (state) => {
    const login = accountIn(state, "anthropic/r1", { label: "work" });

    it("says its state, its reason and both clocks, with a shape beside the word", async () => {
      const { page } = await suite.open({ view: viewOf([login], { tokensToday: { "anthropic/r1": 96 } }) });
      const card = page.getByRole("article", { name: "anthropic · work" });
      expect(await card.locator(".state").innerText()).toBe(STATE_WORDS[state]);
      expect(await card.locator("svg.mark > *").count()).toBe(1);
      const said = await card.innerText();
      expect(said).toContain(windowSentence(login, HINT, NOON) ?? "");
      expect(said).not.toContain("pilot-light");
      const facts = await card.locator("dt").allInnerTexts();
      if (!isManaged(state)) expect(facts).toEqual([]);
      else {
        expect(facts.slice(0, 4)).toEqual(["access", "login", "refresh", "ping"]);
        expect(await card.innerText()).toContain("~96 tokens today");
      }
    });

    it("offers what the rules allow, and nothing else", async () => {
      const { page } = await suite.open({ view: viewOf([login]) });
      const card = page.getByRole("article", { name: "anthropic · work" });
      await card.waitFor();
      for (const command of COMMANDS) {
        const buttons = card.getByRole("button", { name: BUTTONS[command], disabled: false });
        expect([command, await buttons.count()]).toEqual([command, allows(state, command) ? 1 : 0]);
      }
      expect(await card.getByRole("button", { name: /^Copy sign-in command:/ }).count()).toBe(
        needsSignIn(state) ? 1 : 0,
      );
      // A name tells which login it is about, also for who hears the button alone.
      for (const button of await card.getByRole("button").all())
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
