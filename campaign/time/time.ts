/** The campaign "time": a real `run` through days of virtual time, with sleep and clocks that are wrong. */
import { createCliHome } from "../../e2e/support/cli.ts";
import { putBytes } from "../../e2e/support/scene.ts";
import type { IssuedPair } from "../../e2e/support/server/token-authority.ts";
import { startTokenServer } from "../../e2e/support/server/token-server.ts";
import type { Campaign, Report } from "../frame.ts";
import { createClockShim, type VirtualClock } from "../support/clock/clock.ts";
import { accountsFile } from "../support/lanes/accounts-file.ts";
import { BEGIN, DAY, type Days, type Life, oneDay, secondsOf, thirtyDays, ZONE } from "./days.ts";
import { judge } from "./judge.ts";

/**
 * Timers of 5 s and more (signs of life, looks at folders and clocks) may fire together, up to 4.5 s late, as a system does to
 * save power: less than the 5 s by which the program tells a sleep. Each of them one by one would take the campaign an hour.
 */
const LATE = { lateFrom: 5_000, lateBy: 4_500 };
/** More is a leak: what is learned of twenty logins in thirty days does not fill it. */
const MOST_GROWTH = 12 * 1024 * 1024;

export const time: Campaign = {
  name: "time",
  shows:
    "days of virtual time with sleep and wrong clocks: no expired token while awake beyond the settle time, no storm",
  async run(plan) {
    const days = plan.form === "short" ? oneDay() : thirtyDays();
    plan.say(`${days.days} virtual days, ${days.logins.length} logins`);
    const shim = await createClockShim();
    const clock = await shim.clock();
    try {
      const { counts, wrong } = await live(clock, days, plan.minutes);
      for (const line of wrong.slice(0, 20)) plan.say(line);
      return { counts, failures: wrong.map((what) => ({ what, seed: plan.seed })) };
    } finally {
      await clock.remove();
      await shim.remove();
    }
  },
};

async function live(
  clock: VirtualClock,
  days: Days,
  minutes: number | null,
): Promise<Pick<Report, "counts"> & { readonly wrong: readonly string[] }> {
  clock.beginAt(BEGIN);
  const lives = new Map<string, Life>(days.logins.map((life, at) => [`record-${at} (${life})`, life]));
  const granted = new Map<string, number[]>();
  const inside = {
    now: () => clock.trueNow(),
    expiresIn(account: string) {
      granted.get(account)?.push(clock.trueNow());
      return secondsOf(lives.get(account) ?? "8 h", clock.trueNow());
    },
  };
  const server = await startTokenServer({}, inside);
  const home = await createCliHome({
    tokenUrl: server.tokenUrl,
    apiUrl: server.apiUrl,
    ping: "profile",
    env: { TZ: ZONE },
  });
  try {
    const pairs: IssuedPair[] = [];
    for (const account of lives.keys()) {
      pairs.push(await server.issue({ accountUuid: account }));
      granted.set(account, []);
    }
    await putBytes(home, accountsFile(pairs));
    Object.assign(home.env, clock.leaping(days.script, home.authFile, LATE));
    const run = home.start("run");
    const enough = minutes === null ? null : setTimeout(() => run.kill("SIGTERM"), minutes * 60_000);
    const { code, ms } = await run.ended;
    if (enough !== null) clearTimeout(enough);
    const samples = await clock.samples();
    const { expiredMs, settledMs, tooSoon, wrong } = judge({
      samples,
      granted,
      expiryOf: (access) => server.authority.expiryOf(access),
    });
    const requests = await server.requests("token");
    const pings = (await server.requests("profile")).length;
    const tokens = requests.map(({ token }) => token ?? "");
    const reused = tokens.length - new Set(tokens).size;
    const memory = samples.flatMap((sample) => ("event" in sample && sample.event === "sample" ? [sample.memory] : []));
    const growth = (memory.at(-1) ?? 0) - (memory[0] ?? 0);
    const last = samples.at(-1);
    const lived = last === undefined ? 0 : last.true - BEGIN;
    const told = [...wrong];
    if (code !== 0) told.push(`it ended with ${code ?? "a signal"}`);
    if (reused > 0) told.push(`${reused} tokens were sent more than once`);
    if (growth > MOST_GROWTH) told.push(`its heap grew by ${Math.round(growth / 2 ** 20)} MiB`);
    const mostPings = days.logins.length * (lived / 1_800_000 + days.script.length);
    if (pings > mostPings) told.push(`${pings} pings, more than one in half an hour and login`);
    if (minutes === null && lived < (days.days - 1) * DAY)
      told.push(`only ${(lived / DAY).toFixed(1)} days were lived`);
    const counts = {
      "virtual days": (lived / DAY).toFixed(1),
      logins: days.logins.length,
      "sleeps and steps": days.script.filter(({ kind }) => kind !== "sample" && kind !== "stop").length,
      refreshes: requests.length,
      pings,
      "s of expired tokens": Math.round(expiredMs / 1000),
      "s to settle at most": Math.round(settledMs / 1000),
      "requests too soon": tooSoon,
      reused,
      "KiB of growth": Math.round(growth / 1024),
      "virtual hours in a second": Math.round(lived / 3_600_000 / (ms / 1000)),
    };
    return { counts, wrong: told };
  } finally {
    await home.close();
    await server.close();
  }
}
