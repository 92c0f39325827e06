import { lookUp } from "../../shared/data/by-id.ts";
import { plainReason } from "../../shared/data/errors.ts";
import type { EngineContext } from "../context.ts";
import type { Facts } from "../decide/facts.ts";
import type { KeeperInputs } from "./changes.ts";
import { pingable, pingLogin } from "./pings.ts";

const HOUR = 3_600_000;
const FIRST_PING_MS = 60_000;
const PING_EVERY_MS = 30 * 60_000;

export interface PingRounds {
  /** Starts the pings that are due; they run beside everything else. @returns ms until the next. */
  start(facts: Facts): number;
  stopped(): Promise<void>;
}

/** Pings leave on the monotonic clock, so that no clock step makes them a storm; a restart does not make them early. */
export function createPingRounds(context: EngineContext, inputs: KeeperInputs): PingRounds {
  const { clock } = context;
  const startedAt = clock.monotonic();
  const next = new Map<string, number>();
  const running = new Set<Promise<void>>();
  return {
    start(facts) {
      if (context.ping().mode === "off") return HOUR;
      let soonest = HOUR;
      for (const id of pingable(facts)) {
        const last = lookUp(facts.pings.logins, id)?.last.at;
        const since = last === undefined || last > facts.now ? PING_EVERY_MS : facts.now - last;
        const at = next.get(id) ?? Math.max(startedAt + FIRST_PING_MS, clock.monotonic() + PING_EVERY_MS - since);
        next.set(id, at);
        if (at <= clock.monotonic()) {
          next.set(id, clock.monotonic() + PING_EVERY_MS);
          const ping = pingLogin(context, id, false, inputs.stop)
            .then((result) => {
              // The notice is young: as soon as it is old enough, not in half an hour.
              if (result.againMs !== null) next.set(id, clock.monotonic() + result.againMs);
              inputs.changed.raise("ping");
            })
            .catch((error: unknown) => context.log.warn("a ping failed", { recordId: id, reason: plainReason(error) }))
            .finally(() => running.delete(ping));
          running.add(ping);
        }
        soonest = Math.min(soonest, Math.max((next.get(id) ?? 0) - clock.monotonic(), 0));
      }
      return soonest;
    },
    async stopped() {
      await Promise.all(running);
    },
  };
}
