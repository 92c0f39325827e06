import { describe, it } from "vitest";
import { LOGIN_STATE_NAMES } from "../../app/shared/login/states.ts";
import { windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, NOON, NOTICE, viewOf } from "../support/window/views.ts";

const long = (n: number) =>
  Array.from({ length: n }, (_, at) =>
    accountIn(at === 3 ? "signIn" : at === 5 ? "retrying" : at === 6 ? "paused" : "healthy", `anthropic/r${at}`, {
      label:
        at === 1
          ? "the laptop that stands in the office by the window on the second floor"
          : at === 2
            ? "מחשב נייד של העבודה במשרד הגדול שליד החלון"
            : at === 4
              ? "W".repeat(80)
              : `login ${at}`,
      ...(at === 7 ? { loginEndsAt: NOON + 2 * 86400_000 + 3 * 3600_000 } : {}),
    }),
  );
const healthy = (n: number) =>
  Array.from({ length: n }, (_, at) => accountIn("healthy", `anthropic/r${at}`, { label: `login ${at}` }));
const V = {
  "0": viewOf([], {}, { format: null }),
  "1": viewOf([accountIn("healthy")], { tokensToday: { anthropic: 96 } }),
  "1first": viewOf([accountIn("healthy")], { notice: NOTICE }),
  "4": viewOf(fourLogins()),
  "12h": viewOf(healthy(12)),
  "12": viewOf(long(12)),
  "30": viewOf(long(30)),
  all: viewOf(LOGIN_STATE_NAMES.map((s) => accountIn(s, `anthropic/${s}`))),
};
describe("shots", () => {
  const suite = windowSuite();
  for (const [name, view] of Object.entries(V))
    for (const [w, h, scheme] of [
      [600, 650, "light"],
      [600, 650, "dark"],
      [360, 640, "light"],
      [1000, 700, "light"],
      [1400, 700, "dark"],
      [280, 320, "light"],
    ] as const) {
      if (!(process.env.SHOTS ?? "").split(",").includes(`${name}-${w}-${scheme}`) && process.env.SHOTS !== "all")
        continue;
      it(`${name} ${w} ${scheme}`, async () => {
        const { page } = await suite.open({
          view,
          context: { viewport: { width: w, height: h }, colorScheme: scheme },
        });
        await page.getByRole("heading").first().waitFor();
        if (process.env.OPEN)
          for (const n of process.env.OPEN.split(",")) await page.locator(".opener").nth(Number(n)).click();
        await page.screenshot({
          path: `/tmp/shots/${name}-${w}-${scheme}${process.env.OPEN ? "-open" : ""}.png`,
          fullPage: process.env.FULL === "1",
        });
      });
    }
});
