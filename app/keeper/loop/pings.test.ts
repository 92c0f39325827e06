import { expect, it } from "vitest";
import { benchContext } from "../../../sim/benches/context-bench.ts";
import { json, startTrace } from "../../../sim/benches/trace-bench.ts";
import { type Connection, type Http } from "../../ports/http.ts";
import { valueOf } from "../notes/notes.ts";
import { PATHS } from "../notes/paths.ts";
import { loadPings, NO_PINGS } from "../notes/ping-notes.ts";
import { pingLogin } from "./pings.ts";

const answering: Http = {
  connect: async (): Promise<Connection> => ({
    kind: "connected",
    send: async () => json(200, {}),
    close: () => undefined,
  }),
};

it("pings that end at the same moment are all noted: each counts against its login's daily limit", async () => {
  const trace = startTrace();
  const { disk, time } = trace.world;
  const clock = time.clockOf({ name: "keeper", alive: true, stoppedUntil: 0 });
  trace.write({
    anthropic: trace.first,
    second: { access: "a2", refresh: "r2", expires: clock.now() + 3_600_000 },
  });
  const context = await benchContext({ disk, clock, http: answering });
  const signal = new AbortController().signal;
  await trace.settled(Promise.all(["anthropic", "second"].map((id) => pingLogin(context, id, true, signal))));
  const notes = await trace.settled(loadPings(disk, PATHS.pings(context.folder)));
  expect(Object.keys(valueOf(notes, NO_PINGS).logins)).toEqual(["anthropic", "second"]);
});
