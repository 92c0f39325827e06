import { describe, expect, it, vi } from "vitest";
import type { View } from "../../app/shared/view/view.ts";
import { chromiumMissing } from "../support/window/browser.ts";
import type { OpenWindow } from "../support/window/page.ts";
import { axeFindings, axeScript, openRows, windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, NOON, viewOf } from "../support/window/views.ts";

const DAY = 24 * 3_600_000;
const press = ({ page }: OpenWindow, name: string) => page.getByRole("button", { name, exact: true }).click();
const offer = (id: string, change: Partial<View["rescuables"][number]> = {}): View["rescuables"][number] => ({
  id,
  why: "removed",
  since: NOON,
  fingerprint: `fp-of-${id}`,
  seenAt: NOON - DAY,
  obstacle: null,
  ...change,
});
const copy = (id: string, label = id) => ({ id, label, erasedAt: NOON + 7 * DAY });
const GONE = { signedOut: [copy("home"), copy("anthropic/x", "laptop")], rescuables: [offer("home")] };

describe.skipIf(chromiumMissing())("a login that is gone", () => {
  const suite = windowSuite();
  const gone = ({ page }: OpenWindow) => page.getByRole("list", { name: "Signed-out logins" });

  it("stands below the others, says until when it is kept, and offers what can be done", async () => {
    const window = await suite.open({ view: viewOf(fourLogins(), GONE) });
    const rows = gone(window).getByRole("article");
    await rows.nth(1).waitFor();
    expect(await rows.nth(0).innerText()).toBe(
      "home\n\nSigned out. Its safe copy is kept until 30 Nov.\n\nPut back …\nErase now …",
    );
    // Nothing of it could go back into the file.
    expect(await rows.nth(1).locator(".button").allInnerTexts()).toEqual(["Erase now …"]);
    const [last, first] = [
      await window.page.getByRole("list", { name: "Logins", exact: true }).boundingBox(),
      await gone(window).boundingBox(),
    ];
    expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(first?.y ?? 0);
  });

  it("is erased once that was asked, and the keyboard stays on the page", async () => {
    const window = await suite.open({ view: viewOf([accountIn("healthy")], GONE) });
    const { page } = window;
    const question = page.getByRole("group", { name: /cannot be put back: only a new sign-in helps/ });
    await press(window, "Erase now …: home");
    await question.waitFor();
    await page.keyboard.press("Escape");
    await question.waitFor({ state: "detached" });
    await page.locator(":focus", { hasText: "Erase now …" }).waitFor();
    expect(window.calls).toEqual([]);

    await press(window, "Erase now …: home");
    await press(window, "Erase now: home");
    await vi.waitFor(() => expect(window.calls).toEqual([["forget", "home"]]));
    const answers = { "*": { at: NOON, sentence: "home: Our safe copy of its tokens is erased." } };
    await window.push(viewOf([accountIn("healthy")], { answers }));
    await gone(window).waitFor({ state: "detached" });
    await page.getByRole("banner").getByRole("status").getByText("home: Our safe copy").waitFor();
    await page.locator(".signed-out:focus").waitFor();
  });

  it("is put back once that was asked, and only what was shown", async () => {
    const window = await suite.open({ view: viewOf([accountIn("healthy")], GONE) });
    await press(window, "Put back …: home");
    await window.page.getByRole("group", { name: /^This adds home to the file again/ }).waitFor();
    await press(window, "Put back: home");
    await vi.waitFor(() => expect(window.calls).toEqual([["rescue", "home", "fp-of-home"]]));
    await window.push(viewOf([accountIn("healthy"), accountIn("healthy", "home")], GONE));
    await window.page.getByRole("article", { name: "home" }).waitFor();
    // Its copy is not asked for anew yet.
    expect(await window.page.getByRole("article", { name: "home" }).count()).toBe(1);
  });

  it("is shown where it was the only one, and not while the file cannot be used", async () => {
    const window = await suite.open({ view: viewOf([], GONE) });
    await gone(window).getByText("laptop").waitFor();
    await window.push(viewOf([], GONE, { problem: "it is empty", format: null }));
    await gone(window).waitFor({ state: "detached" });
  });

  it("does nothing while a command is at work on it, and passes on what came of it", async () => {
    const window = await suite.open({ view: viewOf([accountIn("healthy")], { ...GONE, busy: ["home"] }) });
    await gone(window).getByRole("status").getByText("Working on it …").waitFor();
    await gone(window).getByRole("button", { name: "Erase now …: home" }).click({ force: true });
    expect(await window.page.getByRole("group").count()).toBe(0);
    const sentence = "Nothing was erased: another process took over. Try again.";
    await window.push(viewOf([accountIn("healthy")], { ...GONE, answers: { home: { at: NOON, sentence } } }));
    await gone(window).getByRole("status").getByText(sentence).waitFor();
  });

  it.each([
    ["signIn", "ended", "Put the earlier one back", /^The login that was here before goes back/],
    ["healthy", "replaced", "Put the earlier one back", /^The login that was here before goes back/],
    ["oldCopy", "newer", "Put the newer one back", /^Pilot Light keeps a newer pair/],
  ] as const)("or was overwritten is put back from its row: %s, %s", async (state, why, name, meaning) => {
    const rescuables = [offer("anthropic", { why })];
    const window = await suite.open({ view: viewOf([accountIn(state)], { rescuables }) });
    await press(window, `${name} …: anthropic`);
    await window.page.getByRole("group", { name: meaning }).waitFor();
    await press(window, `${name}: anthropic`);
    await vi.waitFor(() => expect(window.calls).toEqual([["rescue", "anthropic", "fp-of-anthropic"]]));
  });

  it("is offered once where a safe copy fills an emptied entry, and never where something is in the way", async () => {
    const rescuables = [offer("anthropic", { why: "emptied" }), offer("b", { obstacle: "otherKind" })];
    const logins = [accountIn("wipedElsewhere"), accountIn("healthy", "b")];
    const { page } = await suite.open({ view: viewOf(logins, { rescuables }) });
    await openRows(page);
    expect(await page.getByRole("button", { name: /^Put/ }).allInnerTexts()).toEqual(["Put the safe copy back …"]);
  });

  it.each(["light", "dark", "forced colours"])("can be seen and heard by everybody: %s", async (look) => {
    const colours = { colorScheme: look === "dark" ? "dark" : "light" } as const;
    const window = await suite.open({
      view: viewOf(fourLogins(), GONE),
      script: await axeScript(),
      context: look === "forced colours" ? { forcedColors: "active" } : colours,
    });
    await press(window, "Erase now …: home");
    await press(window, "Erase now …: laptop");
    expect(await axeFindings(window.page)).toEqual([]);
  });
});
