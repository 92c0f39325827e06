import { describe, expect, it } from "vitest";
import { pingLogin } from "../../app/keeper/loop/pings.ts";
import { type Power } from "../../app/ports/power.ts";
import { benchContext } from "../benches/context-bench.ts";
import { isRefreshed, MINUTE, oauth, startTrace, type Trace } from "../benches/trace-bench.ts";
import { AUTH } from "../world/process.ts";

const SECOND = 1_000;

interface Sleepy {
  readonly trace: Trace;
  /** What was done, in order. */
  readonly story: string[];
  leaving: boolean;
  /** How many holds were begun and not let go. */
  held: number;
  /** Called when one is asked for; it stands when this resolves. */
  onHold: () => Promise<void>;
}

/** A world that tells of holds, intents, requests and writes of the file; its system sleeps when the test says so. */
function sleepy(trace = startTrace()): Sleepy {
  const made: Sleepy = { trace, story: [], leaving: false, held: 0, onHold: async () => undefined };
  const { story } = made;
  trace.world.power = {
    leaving: () => made.leaving,
    async hold() {
      made.held += 1;
      await made.onHold();
      story.push("hold");
      let over = false;
      return () => {
        if (over) return;
        over = true;
        made.held -= 1;
        story.push("let go");
      };
    },
  } satisfies Power;
  trace.world.disk.setGate((op, path, to) => {
    if (op === "createNew" && path.endsWith(".intent")) story.push("intent");
    if (op === "rename" && to === AUTH) story.push("commit");
  });
  const { onSend } = trace.world.server;
  trace.world.server.onSend = (sending) => {
    story.push("send");
    onSend(sending);
  };
  return made;
}

describe("the system is asked to wait", () => {
  it("before the intent, and let go after the commit", async () => {
    const { trace, story } = sleepy();
    trace.expire();
    await trace.refresh();
    expect(story).toEqual(["hold", "intent", "send", "commit", "let go"]);
  });

  it("anew for each login of a pass, one after the other", async () => {
    const made = sleepy();
    const { trace } = made;
    trace.change("second", oauth(trace.world.server.signIn("second")));
    await trace.command((engine) => engine.refresh("all"));
    const one = ["hold", "intent", "send", "commit", "let go"];
    expect(made.story).toEqual([...one, ...one]);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it.each([
    ["offline", 0],
    ["lostAnswer", 1],
    ["rateLimited", 1],
    ["invalidClient", 1],
  ] as const)("and let go when nothing comes of it: %s", async (mode, sent) => {
    const made = sleepy();
    made.trace.world.server.mode = mode;
    made.trace.expire();
    await made.trace.refresh();
    expect(made.trace.sent()).toHaveLength(sent);
    expect(made.story[0]).toBe("hold");
    expect(made.story.at(-1)).toBe("let go");
    expect(made.held).toBe(0);
  });

  it("and let go when our notes fail in the middle", async () => {
    const made = sleepy();
    const { trace } = made;
    trace.world.checks.diskFailed();
    trace.answer((answer) => {
      trace.world.fault = { ops: new Set(["open", "createNew", "write", "sync"]), code: "EIO", where: "/state/" };
      return answer;
    });
    trace.expire();
    await trace.refresh().catch(() => undefined);
    expect(trace.sent()).toHaveLength(1);
    expect(made.story[0]).toBe("hold");
    expect(made.held).toBe(0);
  });

  it("not at all where nothing is to be refreshed", async () => {
    const { trace, story } = sleepy();
    trace.keeper();
    await trace.run(10 * MINUTE);
    expect(story).toEqual([]);
  });
});

describe("while the system is about to leave", () => {
  it("no refresh begins, and after it the login is refreshed once", async () => {
    const made = sleepy();
    const { trace } = made;
    made.leaving = true;
    const keeper = trace.keeper();
    trace.expire();
    await trace.run(50 * SECOND);
    expect(made.story).toEqual([]);
    expect(keeper.snapshots.at(-1)?.accounts[0]?.state).toBe("due");
    made.leaving = false;
    (await trace.settled(keeper.running)).wake();
    await trace.until("it is refreshed", isRefreshed(trace), 20 * SECOND);
    expect(trace.sent()).toEqual([trace.first.refresh]);
  });

  it("nothing waits for a word that never comes: soon after the minute all goes on", async () => {
    const made = sleepy();
    const { trace } = made;
    made.leaving = true;
    trace.keeper();
    trace.expire();
    await trace.run(MINUTE);
    expect(trace.sent()).toEqual([]);
    made.leaving = false;
    await trace.until("it is refreshed", isRefreshed(trace), 20 * SECOND);
    expect(trace.sent()).toHaveLength(1);
  });

  it("an answer that is under way is saved, and the next login of the pass waits", async () => {
    const made = sleepy();
    const { trace } = made;
    trace.change("second", oauth(trace.world.server.signIn("second")));
    const { onSend } = trace.world.server;
    trace.world.server.onSend = (sending) => {
      made.leaving = true;
      onSend(sending);
    };
    await trace.command((engine) => engine.refresh("all"));
    expect(made.story).toEqual(["hold", "intent", "send", "commit", "let go"]);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("no intent is made if its word came while we connected", async () => {
    const made = sleepy();
    const { trace } = made;
    made.onHold = async () => {
      made.leaving = true;
    };
    trace.expire();
    await trace.refresh();
    expect(made.story).toEqual(["hold", "let go"]);
    expect(trace.sent()).toEqual([]);
  });

  it("an intent is taken back if its word came while it was written", async () => {
    const made = sleepy();
    const { trace } = made;
    trace.world.disk.setGate((op, path) => {
      if (op === "sync" && path.endsWith(".intent")) made.leaving = true;
    });
    trace.expire();
    await trace.refresh();
    expect(trace.sent()).toEqual([]);
    expect(trace.open(trace.first.refresh)).toBe(0);
    made.leaving = false;
    trace.world.disk.setGate(() => undefined);
    await trace.refresh();
    expect(trace.sent()).toEqual([trace.first.refresh]);
    expect(isRefreshed(trace)()).toBe(true);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it.each([true, false])("no ping leaves, and none counts as sent (asked for: %s)", async (asked) => {
    const { trace } = sleepy();
    const { disk, time } = trace.world;
    const clock = time.clockOf({ name: "keeper", alive: true, stoppedUntil: 0 });
    let connected = 0;
    const context = await benchContext({
      disk,
      clock,
      http: {
        connect: async () => {
          connected += 1;
          return { kind: "notSent", problem: { kind: "stopped" } };
        },
      },
      power: { leaving: () => true, hold: async () => () => undefined },
    });
    const result = await trace.settled(pingLogin(context, "anthropic", asked, new AbortController().signal));
    expect(result).toMatchObject({ outcome: "skipped", why: { kind: "leaving" } });
    expect(connected).toBe(0);
    expect((await trace.login()).lastPing).toBeNull();
  });
});
