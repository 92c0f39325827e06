/** The app and the command line keep many logins with short tokens for a long time: nothing of theirs grows. */
import { appMissing } from "../../e2e/support/app.ts";
import { startDesktop } from "../../e2e/support/desktop/desktop.ts";
import type { Campaign, Plan, Report } from "../frame.ts";
import { soakHouse } from "./house.ts";

const DEFAULT_MINUTES = 10;
const FORMS = {
  full: { logins: 20, sampleMs: 5_000 },
  short: { logins: 4, sampleMs: 1_000 },
} as const;
const SHORT_MINUTES = 0.25;

export const soak: Campaign = {
  name: "soak",
  shows: "memory, handles, timers, processes and files of app and command line stay level, and each login lives",
  run,
};

async function run(plan: Plan): Promise<Report> {
  const short = plan.form === "short";
  const options = { ...FORMS[plan.form], minutes: plan.minutes ?? (short ? SHORT_MINUTES : DEFAULT_MINUTES) };
  const withApp = !short && !(await appMissing());
  const desktop = withApp ? await startDesktop({ panel: true }) : null;
  try {
    const houses = [soakHouse("run", { ...options, desktop: null }, plan)];
    if (desktop !== null) houses.push(soakHouse("app", { ...options, desktop }, plan));
    const soaked = await Promise.all(houses);
    const counts = new Map<string, number | string>([
      ["minutes", options.minutes],
      ["logins each", options.logins],
    ]);
    for (const house of soaked) for (const [what, count] of Object.entries(house.counts)) counts.set(what, count);
    return {
      counts: Object.fromEntries(counts),
      failures: soaked.flatMap(({ wrong }) => wrong).map((what) => ({ what, seed: plan.seed })),
    };
  } finally {
    await desktop?.close();
  }
}
