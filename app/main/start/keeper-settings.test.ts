import { describe, expect, it, vi } from "vitest";
import { UserError } from "../../shared/data/errors.ts";
import type { Stored } from "../../shared/setting-keys.ts";
import { NOTICE } from "../../shared/testing/views.ts";
import type { View } from "../../shared/view/view.ts";
import { hostScene } from "../testing/host.ts";

describe("the keeper in the app, by its settings", () => {
  it.each<[string, Stored, View["notice"]]>([
    ["on a first run", {}, { shownAt: null }],
    ["while it is on the screen, and at later starts", { pingNoticeAt: 1, pingAsked: true }, { shownAt: 1 }],
    ["not once a mode was chosen", { pingNoticeAt: 1, pingAsked: true, ping: { mode: "message" } }, null],
    ["not where an older version showed it, and asked nothing", { pingNoticeAt: 1 }, null],
  ])("shows the notice %s", async (_when, content, notice) => {
    const { view, listener } = hostScene({ settings: content });
    await listener();
    expect(view.get().notice).toEqual(notice);
  });

  it("takes the notice back as soon as a mode is chosen, and shows it again when the choice is taken out", async () => {
    const { view, listener, settings } = hostScene();
    await listener();
    settings.put(["ping", "mode"], "off");
    expect(view.get()).toMatchObject({ notice: null, pings: { mode: "off", lockedBy: null } });
    settings.put(["ping", "mode"], undefined);
    expect(view.get()).toMatchObject({ notice: NOTICE, pings: { mode: "message" } });
  });

  it.each(["flag", "env"] as const)(
    "says that pings are chosen for this run by %s, and asks nothing",
    async (source) => {
      const ping = { mode: "profile", source, chosen: true } as const;
      const { view, listener } = hostScene({ ping, settings: { ping: { mode: "off" } } });
      await listener();
      expect(view.get()).toMatchObject({ notice: null, pings: { mode: "profile", lockedBy: source } });
    },
  );

  it("shows what the settings say of the rest, and each change of it", async () => {
    const { view, listener, settings } = hostScene({ settings: { names: { a: "work" } } });
    await listener();
    expect(view.get()).toMatchObject({ names: { a: "work" }, schedule: "lead", notifications: { signIn: true } });
    settings.put(["schedule"], "classic");
    settings.put(["notifications", "signIn"], false);
    expect(view.get()).toMatchObject({ schedule: "classic", notifications: { signIn: false, files: true } });
  });

  it("shows a pause of all as the settings say it", async () => {
    const { view, listener, settings } = hostScene();
    await listener();
    settings.update((before) => ({ ...before, pauses: { "*": null } }));
    expect(view.get().allPaused).toEqual({ until: null });
  });

  it("shows what is wrong with the settings for as long as it is", async () => {
    const { host, view, listener } = hostScene();
    await listener();
    host.settingsProblem(new UserError("The settings file cannot be used.", 2));
    const settingsProblem = { sentence: "The settings file cannot be used.", maySetAside: true };
    expect(view.get()).toMatchObject({ settingsProblem, problem: null });
    host.settingsProblem(new UserError("Other users may write in /s.", 4));
    expect(view.get().settingsProblem?.maySetAside).toBe(false);
    host.settingsProblem(null);
    expect(view.get()).toMatchObject({ settingsProblem: null, answers: {} });
  });

  it("says of settings that cannot be used at the start that they may be set aside, and tries again when told", async () => {
    let broken = true;
    const { host, view, listener } = hostScene({
      bringUp: () => {
        if (broken) throw new UserError("The settings file is not JSON.", 2);
      },
    });
    const settingsProblem = { sentence: "The settings file is not JSON.", maySetAside: true };
    await vi.waitFor(() => expect(view.get()).toMatchObject({ problem: settingsProblem.sentence, settingsProblem }));
    broken = false;
    host.again();
    await listener();
    expect(view.get()).toMatchObject({ problem: null, settingsProblem: null });
  });
});
