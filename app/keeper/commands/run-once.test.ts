import { expect, it } from "vitest";
import { benchContext } from "../../../sim/benches/context-bench.ts";
import { LOCK as LOCK_PATH, MINUTE, startTrace } from "../../../sim/benches/trace-bench.ts";
import type { Actor } from "../../../sim/world/time.ts";
import type { Http } from "../../ports/http.ts";
import { LOCK } from "../refresh/pass.ts";
import { runOnce } from "./run-once.ts";

it("says what the first pass did, though the second one finds the lock taken", async () => {
  const trace = startTrace();
  const { time, disk, server } = trace.world;
  const actor: Actor = { name: "run --once", alive: true, stoppedUntil: 0 };
  const clock = time.clockOf(actor);
  const tokens = server.httpOf(actor);
  let refused = 0;
  const http: Http = {
    connect: async (url, options) => {
      const connection = await tokens.connect(url, options);
      if (connection.kind !== "connected") return connection;
      return {
        ...connection,
        send: async (request) => {
          if (request.method !== "GET") return connection.send(request);
          // The provider refuses the access token, so a second pass is to follow; but by then another process is at work.
          refused += 1;
          const taken = await context.lock.acquire(LOCK_PATH, { ...LOCK, waitMs: 0 });
          expect(taken.kind).toBe("held");
          return { kind: "answered", status: 401, headers: {}, body: "{}" };
        },
      };
    },
  };
  const context = await benchContext({ disk, clock, http });
  trace.expire();

  const once = runOnce(context, { onEvent: () => undefined }, new AbortController().signal);
  const { snapshot, left } = await trace.settled(once, 5 * MINUTE);
  expect(refused).toBe(1);
  expect(trace.sent()).toEqual([trace.first.refresh]);
  expect(trace.at()?.refresh).toBe(server.live("login"));
  expect(snapshot.accounts).toMatchObject([{ id: "anthropic", lastRefresh: { outcome: "refreshed" } }]);
  // What the ping showed to be due is not hidden either.
  expect(left).toEqual(["anthropic"]);
});
