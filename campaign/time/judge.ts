/** What became of the logins over the days, from what the server granted and what stood in the file. Pure. */
import * as v from "valibot";
import type { Sample } from "../support/clock/clock.ts";
import { MINUTE } from "./days.ts";

/** What came due asleep, or by a step of the clock, is right again within this. */
const SETTLE_MS = MINUTE;

export interface Seen {
  readonly samples: readonly Sample[];
  /** When the server was asked for a token, by login. */
  readonly granted: ReadonlyMap<string, readonly number[]>;
  /** When an access token ends for its server, in the time that everybody lives in. */
  readonly expiryOf: (access: string) => number | null;
}

export interface Judged {
  /** Ms in which an expired token stood in the file, awake and beyond the settle time, of all logins together. */
  readonly expiredMs: number;
  /** The longest that it took after a sleep or step until no expired token stood there. */
  readonly settledMs: number;
  /** Requests for one login that followed another within a minute without a sleep or step between them. */
  readonly tooSoon: number;
  readonly wrong: readonly string[];
}

const fileSchema = v.object({
  providers: v.object({ anthropic: v.object({ records: v.array(v.object({ id: v.string(), access: v.string() })) }) }),
});

/** @returns the access tokens in a file by record; null = it is none that can be read. */
function tokensIn(content: string | null): ReadonlyMap<string, string> | null {
  try {
    const { records } = v.parse(fileSchema, JSON.parse(content ?? "")).providers.anthropic;
    return new Map(records.map(({ id, access }) => [id, access]));
  } catch {
    return null;
  }
}

export function judge({ samples, granted, expiryOf }: Seen): Judged {
  const wrong: string[] = [];
  let expiredMs = 0;
  let settledMs = 0;
  let held: ReadonlyMap<string, string> = new Map();
  let since = samples[0]?.true ?? 0;
  let disturbedAt = since;
  const disturbances: number[] = [since];
  for (const sample of samples) {
    const asleep = "event" in sample && sample.event === "sleep" ? sample.asleepMs : 0;
    const until = sample.true - asleep;
    for (const [id, access] of held) {
      const expiry = expiryOf(access);
      if (expiry === null) {
        wrong.push(`${id}: what stands in the file was never granted`);
        continue;
      }
      const from = Math.max(since, expiry);
      if (until <= from) continue;
      settledMs = Math.max(settledMs, until - disturbedAt);
      const beyond = until - Math.max(from, disturbedAt + SETTLE_MS);
      if (beyond <= 0) continue;
      expiredMs += beyond;
      wrong.push(`${id}: its access token stood expired for ${Math.round(beyond / 1000)} s, ${at(sample)}`);
    }
    since = sample.true;
    if ("content" in sample) {
      const tokens = tokensIn(sample.content);
      if (tokens === null) wrong.push(`the file cannot be read, ${at(sample)}`);
      else if (held.size > 0 && tokens.size !== held.size)
        wrong.push(`the file holds ${tokens.size} logins, ${at(sample)}`);
      held = tokens ?? held;
    } else if (sample.event !== "sample" && sample.event !== "stop") {
      disturbedAt = sample.true;
      disturbances.push(sample.true);
    }
  }
  let tooSoon = 0;
  for (const [id, times] of granted) {
    times.forEach((time, which) => {
      const before = times[which - 1];
      if (before === undefined || time - before >= MINUTE - 1_000) return;
      if (disturbances.some((disturbed) => disturbed >= before && disturbed <= time)) return;
      tooSoon += 1;
      wrong.push(`${id}: two requests within ${Math.round((time - before) / 1000)} s`);
    });
  }
  return { expiredMs, settledMs, tooSoon, wrong };
}

function at({ true: time, wall }: Sample): string {
  return `at ${new Date(time).toISOString()} (its own clock said ${new Date(wall).toISOString()})`;
}
