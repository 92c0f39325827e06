import { expect, it } from "vitest";
import { benchContext } from "../../../sim/benches/context-bench.ts";
import { json, startTrace } from "../../../sim/benches/trace-bench.ts";
import type { Connection, Http } from "../../ports/http.ts";
import type { Provider } from "../../ports/provider.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import { valueOf } from "../notes/notes.ts";
import { PATHS } from "../notes/paths.ts";
import { loadPings, NO_PINGS, savePings } from "../notes/ping-notes.ts";
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

it("a stop of message pings holds until the provider asks something else, also one of an older version", async () => {
  const trace = startTrace();
  const { disk, time } = trace.world;
  const clock = time.clockOf({ name: "keeper", alive: true, stoppedUntil: 0 });
  const bench = await benchContext({ disk, clock, http: answering });
  let target = "first";
  let gone = false;
  const sim = bench.providers.get("anthropic") ?? expect.fail("no provider");
  const provider: Provider = {
    ...sim,
    pingTarget: () => target,
    readPing: (mode, answer) =>
      gone && mode === "message"
        ? { outcome: "no-model", tokens: 0, stopMessages: { kind: "notOffered", target: "second" } }
        : sim.readPing(mode, answer),
  };
  const context = {
    ...bench,
    providers: new Map([["anthropic", provider]]),
    ping: () => ({ mode: "message" as const, chosen: true }),
  };
  const path = PATHS.pings(context.folder);
  const ping = async () => {
    const { mode, outcome } = await trace.settled(pingLogin(context, "anthropic", false, new AbortController().signal));
    return `${mode} ${outcome}`;
  };
  const stopped = async () => {
    const { logins } = valueOf(await trace.settled(loadPings(disk, path)), NO_PINGS);
    return lookUp(logins, "anthropic")?.stopped;
  };
  const last = { at: clock.now() - 1, outcome: "no-model", mode: "message" } as const;
  const note = { last, day: "2026-01-01", tokens: 0, stopped: { why: "It was gone.", model: "first" } };
  await trace.settled(disk.makeFolders(context.folder));
  await trace.settled(savePings(disk, path, { version: 1, logins: { anthropic: note } }, context.random));

  expect(await ping()).toBe("profile ok");
  expect(await stopped()).toEqual(note.stopped);
  target = "second";
  expect(await ping()).toBe("message ok");
  expect(await stopped()).toBeUndefined();
  gone = true;
  expect(await ping()).toBe("message no-model");
  expect(await stopped()).toMatchObject({ why: expect.stringContaining("no longer offers second;"), model: "second" });
  expect(await ping()).toBe("profile ok");
});
