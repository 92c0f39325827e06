import { describe, expect, it, vi } from "vitest";
import type { Login } from "../../app/shared/login/snapshot.ts";
import { SIGN_IN_OPENED } from "../../app/shared/words/card.ts";
import { chromiumMissing } from "../support/window/browser.ts";
import type { OpenWindow } from "../support/window/page.ts";
import { axeFindings, axeScript, openRows, windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, HINT, NOON, PROVIDER, viewOf } from "../support/window/views.ts";

const DAY = 24 * 3_600_000;
const TERMINAL = { terminal: "xterm" } as const;
const press = ({ page }: OpenWindow, name: string) => page.getByRole("button", { name, exact: true }).click();

describe.skipIf(chromiumMissing())("a sign-in from the window", () => {
  const suite = windowSuite();

  it("is one button in a closed row, asked for by provider", async () => {
    const window = await suite.open({ view: viewOf(fourLogins(), TERMINAL) });
    const row = window.page.getByRole("article", { name: "old job" });
    await row.getByRole("button", { name: "Sign in …: anthropic · old job" }).waitFor();
    expect(await row.locator(".buttons .button").allInnerTexts()).toEqual(["Sign in …"]);
    await press(window, "Sign in …: anthropic · old job");
    await vi.waitFor(() => expect(window.calls).toEqual([["signIn", "anthropic"]]));
    await row.getByRole("status").getByText(SIGN_IN_OPENED).waitFor();
  });

  it("stands first in an opened row, with the other way and what it needs beside it", async () => {
    const window = await suite.open({ view: viewOf([accountIn("signIn")], TERMINAL) });
    const row = window.page.getByRole("article");
    await row.getByText(PROVIDER.signInNeeds ?? "").waitFor();
    expect((await row.locator(".buttons .button").allInnerTexts()).slice(0, 2)).toEqual([
      "Sign in …",
      "Copy sign-in command",
    ]);
  });

  it("is the copied command alone where no terminal was found", async () => {
    const window = await suite.open({ view: viewOf([accountIn("signIn")]) });
    await window.page.getByRole("button", { name: "Copy sign-in command: anthropic" }).waitFor();
    expect(await window.page.getByRole("button", { name: /^Sign in/ }).count()).toBe(0);
  });

  it("is offered in an opened row before the login ends, and not in one that is well", async () => {
    const soon = accountIn("healthy", "anthropic/s", { label: "soon", loginEndsAt: NOON + 2 * DAY });
    const window = await suite.open({
      view: viewOf([soon, accountIn("healthy", "anthropic/w", { label: "well" })], TERMINAL),
    });
    expect(await window.page.getByRole("button", { name: /^Sign in/ }).count()).toBe(0);
    await openRows(window.page);
    await press(window, "Sign in …: anthropic · soon");
    expect(await window.page.getByRole("button", { name: /^Sign in/ }).count()).toBe(1);
  });

  it("says why no terminal was opened, and how it is done without", async () => {
    const sentence = `xterm could not be opened. Copy the command and run it in a terminal: ${HINT}`;
    const window = await suite.open({
      view: viewOf([accountIn("signIn")], TERMINAL),
      replies: { signIn: () => ({ ok: false, sentence }) },
    });
    await press(window, "Sign in …: anthropic");
    await window.page.getByRole("article").getByRole("status").getByText(sentence).waitFor();
    await press(window, "Copy sign-in command: anthropic");
    await window.page.getByText(`Copied: ${HINT}`).waitFor();
  });

  it("is offered where there is no login yet", async () => {
    const window = await suite.open({ view: viewOf([], TERMINAL, { format: null }) });
    await press(window, "Sign in …");
    await vi.waitFor(() => expect(window.calls).toEqual([["signIn", "*"]]));
    await window.page.getByRole("banner").getByRole("status").getByText(SIGN_IN_OPENED).waitFor();
  });

  it("that worked is told in the row, counting up, and heard once", async () => {
    const two = (...states: readonly Login[]) => viewOf([...states, accountIn("healthy", "anthropic/w")], TERMINAL);
    const ended = accountIn("signIn", "anthropic/a", { label: "work" });
    const back = accountIn("healthy", "anthropic/a", { label: "work", signedInAt: NOON });
    const window = await suite.open({ view: two(ended), clock: "ours" });
    const { page } = window;
    const row = page.getByRole("article", { name: "work" });
    await row.getByRole("button", { name: /^Sign in …/ }).waitFor();
    await page.clock.pauseAt(NOON + 8_000);
    await window.push(two(back));
    await row.getByText("Signed in again, 8 s ago").waitFor();
    await page.clock.runFor(4_000);
    await row.getByText("Signed in again, 12 s ago").waitFor();
    const heard = page.locator("#page > [role=status]");
    expect(await heard.innerText()).toBe("anthropic · work: signed in again. 2 logins, all well");
    await openRows(page, "anthropic · work");
    await row.getByText("healthy Signed in again, 12 s ago").waitFor();
    await page.clock.runFor(10 * 60_000);
    expect(await row.getByText("Signed in again").count()).toBe(0);
  });

  it.each(["light", "dark", "forced colours"])("can be used by everybody: %s", async (look) => {
    const { page } = await suite.open({
      view: viewOf(fourLogins(), TERMINAL),
      script: await axeScript(),
      context:
        look === "forced colours" ? { forcedColors: "active" } : { colorScheme: look === "dark" ? "dark" : "light" },
    });
    await openRows(page);
    expect(await axeFindings(page)).toEqual([]);
  });
});
