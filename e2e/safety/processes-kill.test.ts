import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliHome, createCliHome } from "../support/cli.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { type Seeded, seeded } from "../support/seeded.ts";
import { startTokenServer, type TokenServer } from "../support/server/token-server.ts";

const KILLS = 50;
/** Side by side: most of a run's life is looking after its write, which costs no time of the processor. */
const LANES = 5;
/** In one home, before a fresh one is taken. */
const ROUNDS = 4;
/** How long a command looks after its write. */
const WATCH_MS = 2_000;

type Found = "nothing was sent" | "the answer was lost" | "it stood in the journal only" | "it stood in the file";

describe("SIGKILL", () => {
  const { seed } = seeded();
  const found = new Map<Found, number>();
  const homes: CliHome[] = [];
  const servers: TokenServer[] = [];
  /** What stood beside the credential file after the pass that followed a kill. */
  const leftovers: unknown[] = [];
  let kills = 0;
  let lifeMs = 0;
  const newHome = async (server: TokenServer): Promise<CliHome> => {
    const home = await createCliHome({ tokenUrl: server.tokenUrl });
    homes.push(home);
    return home;
  };

  beforeAll(async () => {
    for (let lane = 0; lane < LANES; lane += 1) servers.push(await startTokenServer());
    const [server] = servers;
    if (server === undefined) throw new Error("no server");
    const home = await newHome(server);
    await home.putEntries({ anthropic: oauthEntry(expired(await server.issue())) });
    lifeMs = (await home.run("refresh")).ms;
  });
  afterAll(async () => {
    for (const home of homes) await home.close();
    for (const server of servers) await server.close();
  });

  it("at fifty moments: what was journaled comes into the file, what is unknown is not sent again", async () => {
    await Promise.all(
      servers.map(async (server, lane) => {
        const chance = seeded(`${seed} ${lane}`);
        while (kills < KILLS) await killInOneHome(server, await newHome(server), chance);
      }),
    );
    const told = [...found].map(([what, count]) => `${count} x ${what}`).join(", ");
    console.info(`${kills} kills, seed ${seed}, a whole life is ${lifeMs} ms: ${told}`);
    expect(kills).toBeGreaterThanOrEqual(KILLS);
    for (const server of servers) {
      const sent = (await server.requests("token")).map(({ token }) => token);
      expect(sent).toHaveLength(new Set(sent).size);
    }
  }, 120_000);

  it("leaves nothing beside the credential file for longer than until the next pass", () => {
    expect(kills).toBeGreaterThanOrEqual(KILLS);
    expect(leftovers).toEqual([]);
  });

  async function killInOneHome(server: TokenServer, home: CliHome, chance: Seeded): Promise<void> {
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    for (let round = 0; round < ROUNDS && kills < KILLS; round += 1) {
      kills += 1;
      const before = (await home.pair())?.refresh ?? "";
      const args = round === 0 && chance.fraction() < 0.5 ? ["run", "--once"] : ["refresh", "anthropic"];
      const where = `kill ${kills} of seed ${seed}, "${args.join(" ")}", ${await killSomewhere(server, home, args, chance)}`;

      const newest = (await server.standing(login.refresh)).newest ?? "";
      const lost = (await openIntents(home)) > 0;
      const inFile = (await home.pair())?.refresh;
      const journaled = (await journalText(home)).includes(newest);
      const what: Found =
        newest === before
          ? "nothing was sent"
          : inFile === newest
            ? "it stood in the file"
            : journaled
              ? "it stood in the journal only"
              : "the answer was lost";
      found.set(what, (found.get(what) ?? 0) + 1);
      const state = { where, what };
      // Nothing but the old generation, whole, or the new one.
      expect({ ...state, whole: inFile === before || inFile === newest }).toEqual({ ...state, whole: true });
      // An answer that is in no safe place has left its intent open.
      if (what === "the answer was lost") expect({ ...state, lost }).toEqual({ ...state, lost: true });
      if (what.startsWith("it stood")) expect({ ...state, lost }).toEqual({ ...state, lost: false });

      const sentBefore = (await server.requests("token")).length;
      const { code, stderr } = await home.run("run", "--once");
      expect(stderr).not.toContain("unexpected");
      expect({ ...state, code }).toEqual({ ...state, code: lost ? 3 : 0 });
      const [shown] = (await home.status()).accounts;
      expect({ ...state, is: shown?.state }).toEqual({ ...state, is: lost ? "outcomeUnknown" : "healthy" });
      const beside = (await readdir(dirname(home.authFile))).filter((name) => name !== "auth.json");
      if (beside.length > 0) leftovers.push({ ...state, beside });
      if (lost) {
        expect((await server.requests("token")).length).toBe(sentBefore);
        expect((await home.pair())?.refresh).toBe(before);
        // Only a deliberate attempt, a minute later, or the user would send it now: this home has told all it can.
        return;
      }
      const { newest: live } = await server.standing(login.refresh);
      expect({ ...state, live: (await home.pair())?.refresh === live }).toEqual({ ...state, live: true });
    }
  }

  /** @returns where it was, for people. */
  async function killSomewhere(
    server: TokenServer,
    home: CliHome,
    args: readonly string[],
    chance: Seeded,
  ): Promise<string> {
    const kind = chance.pick(["whole life", "before its watch", "around the answer", "after the answer"]);
    if (kind === "whole life" || kind === "before its watch") {
      const ms = chance.between(0, kind === "whole life" ? lifeMs : Math.max(300, lifeMs - WATCH_MS));
      const run = home.start(...args);
      await Promise.race([pause(ms), run.ended]);
      run.kill("SIGKILL");
      await run.ended;
      return `${ms} ms after its start`;
    }
    const seen = (await server.requests("token")).length;
    const gate = `kill ${seen} ${chance.fraction()}`;
    const slowMs = kind === "around the answer" ? chance.between(0, 60) : 0;
    const killMs = chance.between(0, kind === "around the answer" ? 100 : 40);
    await server.script("token", { kind: "ordinary", gateBefore: gate, gateAfter: `${gate} out` });
    const run = home.start(...args);
    await server.seen("token", seen + 1);
    await server.release(gate);
    const release = pause(slowMs).then(() => server.release(`${gate} out`));
    await pause(killMs);
    run.kill("SIGKILL");
    await Promise.all([run.ended, release]);
    return `${killMs} ms after its request, which was answered after ${slowMs} ms`;
  }
});

/** Intents under which something may have been sent, and no answer was noted: a header, and nothing but room behind it. */
async function openIntents(home: CliHome): Promise<number> {
  const texts = await journalFiles(home, ".intent");
  return texts.filter((text) => text.startsWith("{") && text.slice(text.indexOf("\n")).trim() === "").length;
}

async function journalText(home: CliHome): Promise<string> {
  return (await journalFiles(home, "")).join("\n");
}

async function journalFiles(home: CliHome, end: string): Promise<readonly string[]> {
  const names = await readdir(home.journal).catch((): string[] => []);
  return Promise.all(
    names.filter((name) => name.endsWith(end)).map((name) => readFile(join(home.journal, name), "utf8")),
  );
}
