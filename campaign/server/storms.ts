/** A provider that is overloaded for virtual hours, and a keeper that may not make it worse. */
import { createCliHome } from "../../e2e/support/cli.ts";
import { textOf } from "../../e2e/support/files.ts";
import { putBytes } from "../../e2e/support/scene.ts";
import { type ClockShim, PUNCTUAL } from "../support/clock/clock.ts";
import { accountsFile } from "../support/lanes/accounts-file.ts";
import { crashOf } from "../support/pass.ts";
import { startRawServer } from "../support/raw-server.ts";
import { answer, pairBody } from "./answers.ts";
import type { Job } from "./rude.ts";
import type { Stage } from "./stage.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LOGINS = 3;
/** Between the decision to ask and the arrival at the server: real time, and on a busy machine seconds of it. */
const TRANSIT = 5_000;

interface Storm {
  readonly name: string;
  /** @param now the virtual time at the server, ms since the epoch */
  readonly answer: (now: number) => Buffer;
  /** So long at least nothing may come after an answer, ms. */
  readonly least?: number;
  /** The server asks for so much patience that the end of the storm is not waited for. */
  readonly lasting?: true;
}

const busy = (status: number, retryAfter: string | null): Buffer =>
  answer(status, retryAfter === null ? {} : { "Retry-After": retryAfter }, '{"error":"overloaded"}');

const STORMS: readonly Storm[] = [
  { name: "429, Retry-After: 0", answer: () => busy(429, "0") },
  { name: "429 without Retry-After", answer: () => busy(429, null) },
  { name: "429, Retry-After: 7", answer: () => busy(429, "7"), least: 7_000 },
  { name: "429, Retry-After: 1200", answer: () => busy(429, "1200"), least: 1_200_000 },
  {
    name: "429, Retry-After: a date",
    answer: (now) => busy(429, new Date(now + 10 * MINUTE).toUTCString()),
    least: 9 * MINUTE,
  },
  { name: "429, Retry-After: a date gone by", answer: (now) => busy(429, new Date(now - HOUR).toUTCString()) },
  { name: "429, Retry-After: -1", answer: () => busy(429, "-1") },
  { name: "429, Retry-After: 0.001", answer: () => busy(429, "0.001") },
  { name: "429, Retry-After: garbage", answer: () => busy(429, 'Monday, perhaps; "soon"') },
  { name: "429, Retry-After: huge", answer: () => busy(429, "9".repeat(40)), least: 12 * HOUR - MINUTE, lasting: true },
  { name: "503, Retry-After: 0", answer: () => busy(503, "0") },
  { name: "529", answer: () => busy(529, null) },
  { name: "500", answer: () => busy(500, "0") },
  { name: "502 with a page", answer: () => answer(502, { "Content-Type": "text/html" }, "<h1>Bad Gateway</h1>") },
  { name: "408", answer: () => busy(408, null) },
  { name: "200 with a page", answer: () => answer(200, { "Content-Type": "text/html" }, "<h1>Welcome</h1>") },
  { name: "401 invalid_client", answer: () => answer(401, {}, '{"error":"invalid_client"}') },
  { name: "404", answer: () => busy(404, null) },
];

export interface Storms {
  readonly jobs: readonly Job[];
  /** So far. */
  readonly counts: { storms: number; hours: number; requests: number };
}

export function stormsOf(stage: Stage, shim: ClockShim): Storms {
  const short = stage.plan.form === "short";
  const hours = { storm: short ? 0.75 : 3, calm: short ? 1.1 : 1.5 };
  const counts = { storms: 0, hours: 0, requests: 0 };
  const storms = short ? STORMS.filter(({ name }) => name === "429, Retry-After: 0" || name === "500") : STORMS;
  return { counts, jobs: storms.map((storm) => () => weather(stage, shim, storm, hours, counts)) };
}

async function weather(
  stage: Stage,
  shim: ClockShim,
  storm: Storm,
  hours: { readonly storm: number; readonly calm: number },
  counts: Storms["counts"],
): Promise<void> {
  const clock = await shim.clock();
  const came = new Map<string, number[]>();
  const startedAt = clock.trueNow();
  const server = await startRawServer({
    onRequest: async (line, { token }) => {
      const now = clock.trueNow();
      came.set(token ?? "", [...(came.get(token ?? "") ?? []), now]);
      const calm = now > startedAt + hours.storm * HOUR;
      const redeemed = calm ? stage.tokens.redeem(token ?? "") : null;
      if (redeemed?.kind === "refused") stage.findings.add(`${storm.name}: a token was sent that is ${redeemed.why}`);
      const good = redeemed !== null && redeemed.kind !== "refused";
      await line.write(good ? answer(200, {}, pairBody(redeemed.pair)) : storm.answer(now));
      line.end();
    },
  });
  const home = await createCliHome({
    tokenUrl: `${server.url}/token`,
    env: clock.leaping([{ at: (hours.storm + hours.calm) * HOUR, kind: "stop" }], "/nowhere", PUNCTUAL),
  });
  try {
    const logins = Array.from({ length: LOGINS }, () => stage.tokens.issue());
    await putBytes(home, accountsFile(logins.map((login) => ({ ...login, expires: Date.now() - HOUR }))));
    const ended = await home.run("run");
    const found = (what: string): void => stage.findings.add(`storm ${storm.name}: ${what}`);
    const crash = crashOf({ ...ended, said: ended.stdout + ended.stderr, shown: null });
    if (crash !== null) found(`it broke: ${crash}`);
    if (/planted/.test(ended.stdout + ended.stderr)) found("a token was printed");
    const text = (await textOf(home.authFile)) ?? "";
    for (const { refresh } of logins) {
      const times = came.get(refresh) ?? [];
      counts.requests += times.length;
      if (times.length === 0) found("a login was never asked for");
      for (const wrong of tooSoon(times, storm.least ?? 0)) found(wrong);
      const newest = stage.tokens.newestOf(refresh) ?? "";
      const recovered = newest !== refresh && text.includes(newest) && stage.tokens.isCurrent(newest);
      if (storm.lasting !== true && !recovered) found(`${hours.calm} h after it a login is still not refreshed`);
    }
    counts.storms += 1;
    counts.hours += hours.storm + hours.calm;
  } finally {
    await home.close();
    await server.close();
    await clock.remove();
  }
}

/** @returns what is wrong with these times at which one token came. */
export function tooSoon(times: readonly number[], least: number): readonly string[] {
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
  const wrong: string[] = [];
  const closest = Math.min(...gaps);
  const many = gaps.filter((gap) => gap < MINUTE - TRANSIT).length;
  if (many > 0)
    wrong.push(
      `${many} of ${gaps.length + 1} requests came less than a minute after another, one after ${Math.round(closest / 1000)} s`,
    );
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  if (times.length - 1 > span / (MINUTE - TRANSIT))
    wrong.push(`${times.length} requests in ${Math.round(span / MINUTE)} minutes`);
  if (closest < least - TRANSIT)
    wrong.push(`it was told to wait ${least / 1000} s, and came after ${Math.round(closest / 1000)} s`);
  return wrong;
}
