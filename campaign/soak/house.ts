/** One keeper with its logins, watched for as long as it is wanted. */
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../../e2e/support/app.ts";
import { type CliHome, createCliHome } from "../../e2e/support/cli.ts";
import type { Desktop } from "../../e2e/support/desktop/desktop.ts";
import { startTokenServer, type TokenServer } from "../../e2e/support/server/token-server.ts";
import type { Plan } from "../frame.ts";
import { levelOf, type Point } from "./level.ts";
import { loginsIn, signIn, Validity } from "./logins.ts";
import { MEASURE_NAMES, MEASURES, type Measure, type Sums, sample } from "./sample.ts";

const TOKEN_SECONDS = 75;
const LOOK_MS = 1_000;
const PING_MS = 60_000;
/** In less a program only warms up: then slopes are shown, and not judged. */
const JUDGED_MINUTES = 6;

export interface Soaked {
  readonly counts: Readonly<Record<string, number | string>>;
  readonly wrong: readonly string[];
}

interface Keeper {
  readonly pid: number;
  running(): boolean;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>;
}

export interface HouseOptions {
  readonly logins: number;
  readonly minutes: number;
  readonly sampleMs: number;
  /** The app on this desktop; null = the command line's `run`. */
  readonly desktop: Desktop | null;
}

export async function soakHouse(name: string, options: HouseOptions, plan: Plan): Promise<Soaked> {
  const server = await startTokenServer({ expiresIn: TOKEN_SECONDS });
  const home = await createCliHome({ tokenUrl: server.tokenUrl, apiUrl: server.apiUrl, ping: "profile" });
  let keeper: Keeper | null = null;
  try {
    await signIn(home, server, options.logins);
    const first = (await loginsIn(home)).map(({ refresh }) => refresh);
    keeper = await startKeeper(home, options.desktop);
    const { series, validity, trouble } = await watch(keeper, home, server, options);
    const code = await keeper.stop();
    const wrong = [...trouble];
    if (code !== 0) wrong.push(`it ended with ${code ?? "a signal"}`);
    const { pings, expired } = await validity.expiredPings(server);
    const busy = validity.looks < (options.minutes * 60_000) / LOOK_MS / 1.25;
    if (busy)
      plan.say(`${name}: this machine was too busy to look every second: expired seconds are shown, not judged`);
    if (expired > 0 && !busy) wrong.push(`${expired} of ${pings} pings came with an access token that had expired`);
    if (validity.expiredLooks > 0)
      wrong.push(`in ${validity.expiredLooks} of ${validity.looks} looks an access had expired`);
    const requests = await server.requests("token");
    const again = requests.length - new Set(requests.map(({ token }) => token)).size;
    if (again > 0) wrong.push(`${again} refresh tokens were sent again`);
    wrong.push(...(await deadLogins(home, server, first)));
    for (const measure of MEASURE_NAMES) {
      const { slope, from, to, rises } = levelOf(series.get(measure) ?? [], MEASURES[measure]);
      plan.say(`${name}: ${measure} ${from.toFixed(1)} -> ${to.toFixed(1)}, ${signed(slope)} a minute`);
      if (rises && options.minutes >= JUDGED_MINUTES)
        wrong.push(`${measure} rises: ${from.toFixed(1)} -> ${to.toFixed(1)}, ${signed(slope)} a minute`);
    }
    const slopes = ["memory (MiB)", "handles", "files in the state dir, without a note each refresh"] as const;
    const shown = slopes.map((measure) => {
      const { from, to, slope } = levelOf(series.get(measure) ?? [], MEASURES[measure]);
      return [`${name}: ${measure}`, `${from.toFixed(0)} -> ${to.toFixed(0)} (${signed(slope)}/min)`] as const;
    });
    const counts = {
      [`${name}: refreshes`]: requests.length,
      [`${name}: pings`]: pings,
      [`${name}: of them expired`]: expired,
      ...Object.fromEntries(shown),
    };
    return { counts, wrong: wrong.map((what) => `${name}: ${what}`) };
  } finally {
    if (keeper?.running() === true) process.kill(keeper.pid, "SIGKILL");
    await home.close();
    await server.close();
  }
}

async function startKeeper(home: CliHome, desktop: Desktop | null): Promise<Keeper> {
  if (desktop === null) {
    const run = home.start("run");
    const stop = async (): Promise<number | null> => {
      run.kill("SIGTERM");
      return (await run.ended).code;
    };
    return { pid: run.pid, running: () => run.running(), stop };
  }
  const app = await startApp({ ...desktop.env, ...home.env }, []);
  await app.window();
  return { pid: app.pid, running: () => app.running(), stop: () => app.stop() };
}

interface Watched {
  readonly series: ReadonlyMap<Measure, readonly Point[]>;
  readonly validity: Validity;
  readonly trouble: readonly string[];
}

/** Looks every second, samples now and then, and pings all logins once a minute. */
async function watch(
  keeper: Keeper,
  home: CliHome,
  server: TokenServer,
  { minutes, sampleMs }: HouseOptions,
): Promise<Watched> {
  const series = new Map<Measure, Point[]>(MEASURE_NAMES.map((measure) => [measure, []]));
  const validity = new Validity();
  const trouble: string[] = [];
  const startedAt = Date.now();
  let sums: Sums | null = null;
  let [sampleAt, pingAt] = [startedAt, startedAt + Math.min(PING_MS / 4, minutes * 30_000)];
  let pinging: Promise<unknown> = Promise.resolve();
  while (Date.now() - startedAt < minutes * 60_000) {
    if (!keeper.running()) {
      trouble.push("it ended by itself");
      break;
    }
    validity.look(await loginsIn(home), Date.now());
    if (Date.now() >= pingAt) {
      pingAt += PING_MS;
      pinging = Promise.all([pinging, home.run("ping", "--all")]);
    }
    if (Date.now() >= sampleAt) {
      sampleAt = Date.now() + sampleMs;
      const refreshes = (await server.requests("token")).length;
      const taken: Awaited<ReturnType<typeof sample>> = await sample(keeper.pid, home, refreshes, sums);
      const at = (Date.now() - startedAt) / 60_000;
      // Rates need two looks.
      if (sums !== null)
        for (const measure of MEASURE_NAMES) series.get(measure)?.push({ at, value: taken.sample[measure] });
      sums = taken.sums;
    }
    await pause(LOOK_MS);
  }
  await pinging;
  return { series, validity, trouble };
}

/** Each login that is not live at the end, by its number. */
async function deadLogins(home: CliHome, server: TokenServer, first: readonly string[]): Promise<readonly string[]> {
  const records = await loginsIn(home);
  if (records.length !== first.length)
    return [`${records.length} of ${first.length} logins are in the file at the end`];
  const dead: string[] = [];
  for (const { id, refresh } of records) {
    if (!(await server.standing(refresh)).current) dead.push(`${id} is not live at the end`);
  }
  return dead;
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(2)}`;
}
