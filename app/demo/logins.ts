/** What stands in a demo's folder: four logins that show what can happen, and settings that keep it all in there. Pure. */
import type { Settings } from "../shared/settings.ts";
import { firstPair, type LoginPlan } from "./provider.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * While its lifetime is unknown, a login is due 10 min before it expires: so much more than that is how long the two that
 * do not fare well are seen healthy first.
 */
const LEAD = 10 * MINUTE;

/** @returns the demo's logins. The keeper refreshes a login at most once a minute, so the good ones live a little longer. */
export function demoPlans(now: number): readonly LoginPlan[] {
  return [
    {
      key: "work",
      label: "work",
      fate: { kind: "lives" },
      expires: now + 90 * SECOND,
      lifetimeMs: 90 * SECOND,
      endsAt: now + 19 * DAY + 4 * HOUR,
    },
    {
      key: "home",
      label: "home",
      fate: { kind: "lives" },
      expires: now + 90 * SECOND,
      lifetimeMs: 90 * SECOND,
      endsAt: null,
    },
    {
      key: "laptop",
      label: "laptop",
      fate: { kind: "ends" },
      expires: now + LEAD + 30 * SECOND,
      lifetimeMs: 90 * SECOND,
      endsAt: null,
    },
    {
      key: "team",
      label: "team",
      fate: { kind: "waits", waitMs: 3 * MINUTE },
      expires: now + LEAD + 15 * SECOND,
      lifetimeMs: LEAD,
      endsAt: null,
    },
  ];
}

/** @returns a credential file in opencode's format for several accounts. */
export function demoAuthFile(plans: readonly LoginPlan[], salt: string, now: number): string {
  const [active] = plans;
  const document = {
    version: 2,
    providers: {
      anthropic: {
        type: "oauth",
        active: active === undefined ? {} : { default: active.key },
        order: { default: plans.map(({ key }) => key) },
        records: plans.map((plan) => ({
          id: plan.key,
          namespace: "default",
          label: plan.label,
          ...firstPair(plan, salt),
          createdAt: now,
          updatedAt: now,
          health: { successCount: 0, failureCount: 0 },
        })),
      },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * @returns a settings file, so that commands from another terminal, which name the folder alone, send nothing elsewhere. Its
 * ping mode counts as chosen: no notice holds the pings up, as they leave for nobody.
 */
export function demoSettings(where: {
  readonly authFile: string;
  readonly tokenUrl: string;
  readonly apiUrl: string;
}): string {
  const { authFile, tokenUrl, apiUrl } = where;
  const settings = {
    authFile,
    ping: { mode: "message" },
    providers: { anthropic: { tokenUrl, apiUrl, encoding: "json" } },
  } satisfies Partial<Record<keyof Settings, unknown>>;
  return `${JSON.stringify(settings, null, 2)}\n`;
}
