import { beforeAll, describe, expect, it, vi } from "vitest";
import { NOTIFICATION_KINDS } from "../../app/shared/login/notifications.ts";
import { NOTIFICATION_WORDS } from "../../app/shared/words/notifications.ts";
import { chromiumMissing } from "../support/window/browser.ts";
import type { OpenWindow } from "../support/window/page.ts";
import { axeFindings, axeScript, windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, viewOf } from "../support/window/views.ts";

describe.skipIf(chromiumMissing())("the settings in the window", () => {
  const suite = windowSuite();
  let axe = "";
  beforeAll(async () => {
    axe = await axeScript();
  });
  const asked = (window: OpenWindow, calls: OpenWindow["calls"]) =>
    vi.waitFor(() => expect(window.calls).toEqual(calls));
  const region = ({ page }: OpenWindow) => page.getByRole("region", { name: "Settings" });
  const opened = async (window: OpenWindow) => {
    await window.page.getByRole("button", { name: "Settings", exact: true }).click();
    await region(window).waitFor();
    return region(window);
  };

  it("ask main for one key at a time, as soon as it is changed", async () => {
    const window = await suite.open({ view: viewOf(fourLogins()) });
    const settings = await opened(window);
    await settings.getByRole("radio", { name: /^Profile/ }).click();
    await settings.getByRole("radio", { name: /^Classic/ }).click();
    for (const kind of NOTIFICATION_KINDS)
      await settings.getByRole("switch", { name: NOTIFICATION_WORDS[kind] }).click();
    await asked(window, [
      ["changeSettings", { key: "ping.mode", value: "profile" }],
      ["changeSettings", { key: "schedule", value: "classic" }],
      ...NOTIFICATION_KINDS.map(
        (kind) =>
          ["changeSettings", { key: "notifications", kind, value: false }] satisfies OpenWindow["calls"][number],
      ),
    ]);
  });

  it("take what was typed when it is left or entered, and an empty line for the default", async () => {
    const named = viewOf(fourLogins(), { names: { "anthropic/b2": "mine" } });
    const window = await suite.open({ view: named });
    const settings = await opened(window);
    const model = settings.getByLabel("Model to ask (Anthropic)");
    expect(await model.getAttribute("placeholder")).toBe("claude-haiku-4-5");
    await model.fill(" claude-x ");
    await model.press("Enter");
    const limit = settings.getByLabel("Most tokens a day for each login");
    expect(await limit.inputValue()).toBe("5000");
    await limit.fill("a lot");
    await limit.blur();
    expect(await limit.inputValue()).toBe("5000");
    await limit.fill("300");
    await limit.blur();
    await settings.getByLabel("anthropic/a1").fill("office");
    await settings.getByLabel("anthropic/b2").fill("");
    await settings.getByLabel("anthropic/b2").blur();
    await asked(window, [
      ["changeSettings", { key: "pingModel", provider: "anthropic", value: "claude-x" }],
      ["changeSettings", { key: "ping.dailyTokens", value: 300 }],
      ["changeSettings", { key: "names", login: "anthropic/a1", value: "office" }],
      ["changeSettings", { key: "names", login: "anthropic/b2", value: null }],
    ]);
  });

  it("show each change that another program makes, but not over what is being typed", async () => {
    const window = await suite.open({ view: viewOf(fourLogins()) });
    const settings = await opened(window);
    await settings.getByLabel("anthropic/a1").pressSequentially("off");
    const pings = { mode: "message", dailyTokens: 7, lockedBy: null } as const;
    await window.push(viewOf(fourLogins(), { names: { "anthropic/b2": "mine" }, schedule: "classic", pings }));
    await settings.getByRole("radio", { name: /^Classic/, checked: true }).waitFor();
    expect(await settings.getByLabel("anthropic/a1").inputValue()).toBe("off");
    expect(await settings.getByLabel("anthropic/b2").inputValue()).toBe("mine");
    expect(await settings.getByLabel("Most tokens a day for each login").inputValue()).toBe("7");
    await window.push(viewOf(fourLogins(), { pings: { ...pings, mode: "off" } }));
    await settings.getByLabel("Most tokens a day for each login").waitFor({ state: "detached" });
  });

  it("go back to what counts where main refuses, and say why", async () => {
    const sentence = "The settings file /s cannot be written: the disk is full.";
    const window = await suite.open({
      view: viewOf([accountIn("healthy")]),
      replies: { changeSettings: () => ({ ok: false, sentence }) },
    });
    const settings = await opened(window);
    await settings.getByRole("radio", { name: /^Off/ }).click();
    await window.page.getByRole("banner").getByText(sentence).waitFor();
    await settings.getByRole("radio", { name: /^Message/, checked: true }).waitFor();
  });

  it.each([
    ["flag", "Chosen by --ping for this run"],
    ["env", "Chosen by the variable PILOT_LIGHT_PING"],
  ] as const)("leave pings alone where this run decides them, and say why: %s", async (lockedBy, why) => {
    const window = await suite.open({
      view: viewOf([accountIn("healthy")], { pings: { mode: "profile", dailyTokens: 5_000, lockedBy } }),
    });
    const pings = (await opened(window)).getByRole("group", { name: "Pings" });
    await pings.getByText(why).waitFor();
    expect(await pings.getByRole("radio", { name: /^Profile/ }).isChecked()).toBe(true);
    for (const radio of await pings.getByRole("radio").all()) expect(await radio.isDisabled()).toBe(true);
  });

  it("say how much the log tells, and why that cannot be chosen where a flag decides it", async () => {
    const window = await suite.open({ view: viewOf([accountIn("healthy")]) });
    const log = (await opened(window)).getByRole("group", { name: "Log" });
    expect(await log.getByRole("radio", { name: /^Usual/ }).isChecked()).toBe(true);
    await log.getByRole("radio", { name: /^Everything/ }).click();
    await asked(window, [["changeSettings", { key: "logLevel", value: "debug" }]]);
    await window.push(viewOf([accountIn("healthy")], { log: { level: "warn", lockedBy: "flag" } }));
    await log.getByText("Chosen by --log-level for this run").waitFor();
    expect(await log.getByRole("radio", { name: /^Warnings/ }).isChecked()).toBe(true);
    for (const radio of await log.getByRole("radio").all()) expect(await radio.isDisabled()).toBe(true);
  });

  it("lead to each place, and name it, not its path", async () => {
    const window = await suite.open({ view: viewOf([accountIn("healthy")]) });
    const settings = await opened(window);
    const press = (name: string) => settings.getByRole("button", { name, exact: true }).click();
    await press("Open: settings file");
    await press("Open: state folder");
    await press("Show in folder: credential file");
    await press("Open: log");
    await press("Copy: credential file");
    await asked(window, [
      ["usePlace", "settingsFile", "open"],
      ["usePlace", "stateDir", "open"],
      ["usePlace", "authFile", "show"],
      ["usePlace", "log", "open"],
      ["usePlace", "authFile", "copy"],
    ]);
    await window.page.getByText("Copied: /home/ann/.local/share/opencode/auth.json").waitFor();
    expect(await settings.getByRole("button", { name: "Open: credential file" }).count()).toBe(0);
    const said = await settings.innerText();
    for (const text of ["/home/ann/.config/pilot-light/settings.json", "pilot-light.log", "tokens.example", "0.1.0"])
      expect(said).toContain(text);
  });

  it("set a file that cannot be used aside, after a question", async () => {
    const settingsProblem = { sentence: "The settings file is not JSON (line 3, column 1).", maySetAside: true };
    const view = viewOf([accountIn("healthy")], { settingsProblem });
    const window = await suite.open({ view });
    const alert = window.page.getByRole("alert").filter({ hasText: "line 3, column 1" });
    const setAside = alert.getByRole("button", { name: "Set aside …: the settings file" });
    await setAside.click();
    await alert.getByRole("group", { name: /renamed, not deleted/ }).waitFor();
    await alert.getByRole("button", { name: "Cancel: the settings file" }).click();
    expect(window.calls).toEqual([]);
    await setAside.click();
    await alert.getByRole("button", { name: "Set aside: the settings file" }).click();
    await asked(window, [["setSettingsAside"]]);
    await window.push({ ...view, settingsProblem: { ...settingsProblem, maySetAside: false } });
    await setAside.waitFor({ state: "detached" });
    // At the start the same sentence is why nothing works: it is said once.
    await window.push({ ...view, snapshot: null, problem: settingsProblem.sentence });
    await setAside.waitFor();
    expect(await window.page.getByRole("alert").count()).toBe(1);
  });

  describe("with the keyboard alone", () => {
    const isAt = (window: OpenWindow) => window.page.evaluate("document.activeElement.id");

    it("open with Ctrl+, from anywhere, and give the place back with Escape", async () => {
      const window = await suite.open({ view: viewOf(fourLogins()) });
      const { keyboard } = window.page;
      const last = window.page.getByRole("button", { name: "Refresh now: anthropic · work" });
      await last.focus();
      await keyboard.press("Control+,");
      await region(window).waitFor();
      await vi.waitFor(async () => expect(await isAt(window)).toBe("settings"));
      await last.focus();
      await keyboard.press("Meta+,");
      await vi.waitFor(async () => expect(await isAt(window)).toBe("settings"));
      await keyboard.press("Tab");
      await keyboard.press("ArrowDown");
      await asked(window, [["changeSettings", { key: "ping.mode", value: "profile" }]]);
      await keyboard.press("Escape");
      await region(window).waitFor({ state: "detached" });
      expect(await window.page.evaluate("document.activeElement.textContent")).toBe("Settings");
      await keyboard.press("Enter");
      await region(window).waitFor();
    });

    it("take back with Escape first what was typed, or a question, and close after that", async () => {
      const settingsProblem = { sentence: "It is not JSON.", maySetAside: true };
      const window = await suite.open({ view: viewOf(fourLogins(), { settingsProblem }) });
      const settings = await opened(window);
      const { keyboard } = window.page;
      const name = settings.getByLabel("anthropic/a1");
      await name.pressSequentially("off");
      await keyboard.press("Escape");
      await vi.waitFor(async () => expect(await name.inputValue()).toBe(""));
      await window.page.getByRole("button", { name: "Set aside …: the settings file" }).press("Enter");
      const question = window.page.getByRole("group", { name: /renamed, not deleted/ });
      await question.waitFor();
      await keyboard.press("Escape");
      await question.waitFor({ state: "detached" });
      expect(await settings.count()).toBe(1);
      await keyboard.press("Escape");
      await settings.waitFor({ state: "detached" });
      expect(window.calls).toEqual([]);
    });
  });

  it("give axe nothing to find where the system chooses the colours", async () => {
    const window = await suite.open({
      view: viewOf(fourLogins(), { notice: { shownAt: null } }),
      script: axe,
      context: { forcedColors: "active" },
    });
    await opened(window);
    expect(await axeFindings(window.page)).toEqual([]);
  });
});
