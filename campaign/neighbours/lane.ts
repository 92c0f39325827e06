/**
 * One credential file, and all who write it. The other programs write one after the other, each reading what stands there: so
 * none of them can undo what another one wrote, and whatever is missing afterwards was lost through us.
 */
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import * as v from "valibot";
import { type CliHome, createCliHome } from "../../e2e/support/cli.ts";
import { expired, oauthEntry } from "../../e2e/support/entries.ts";
import { type Opencode, startOpencode } from "../../e2e/support/opencode/opencode.ts";
import { startTokenServer, type TokenServer } from "../../e2e/support/server/token-server.ts";
import type { Chance } from "../frame.ts";
import { type Foreign, startForeign } from "../support/lanes/foreign.ts";
import { type Crowd, startCrowd } from "./crowd.ts";
import { type Kind, Ledger, type Loss } from "./ledger.ts";
import { type Counts, type LaneOptions, noCounts } from "./numbers.ts";
import { type Sightings, watchPath } from "./sightings.ts";

/** Longer than the watch of a keeper: what stood once must go on standing. */
const CALM_MS = 4_000;
/** Each costs us a watch of up to half a minute: hardly anything is refreshed beside it. */
const RESTORE_EVERY_MS = 5_000;
/** A backup tool puts back copies of this age, and older. */
const YOUNG_MS = 8_000;
/**
 * Older than any watch of ours. Within one, a file that equals a state seen before but for one login counts as the write of
 * somebody who had read it then, and what it undid is put back: such a copy may stand, or what it undid.
 */
const OLD_MS = 40_000;
const COPY_EVERY_MS = 1_000;
/** Between our last look and our rename, as SECURITY.md says: a foreign rename in it is not seen. */
const WINDOW_MS = 20;

const OPENCODE_TRIES = 4;

const entriesSchema = v.record(v.string(), v.unknown());

export class Lane {
  readonly counts: Counts = noCounts();
  readonly wrong: string[] = [];
  readonly server: TokenServer;
  readonly home: CliHome;
  readonly #first: string;
  readonly #chance: Chance;
  readonly #options: LaneOptions;
  readonly #opencodes: readonly Opencode[];
  readonly #foreign: Foreign;
  readonly #sightings: Sightings;
  readonly #crowd: Crowd | null;
  readonly #ledger = new Ledger();
  #copies: { readonly text: string; readonly at: number }[] = [];
  #restoredAt = Date.now();

  private constructor(parts: {
    readonly server: TokenServer;
    readonly home: CliHome;
    readonly first: string;
    readonly opencodes: readonly Opencode[];
    readonly foreign: Foreign;
    readonly options: LaneOptions;
    readonly chance: Chance;
  }) {
    this.server = parts.server;
    this.home = parts.home;
    this.#first = parts.first;
    this.#options = parts.options;
    this.#chance = parts.chance;
    this.#opencodes = parts.opencodes;
    this.#foreign = parts.foreign;
    this.#sightings = watchPath(parts.home.authFile);
    const { processes, backups } = parts.options;
    this.#crowd = processes === 0 ? null : startCrowd(parts.home, processes, backups, parts.chance.fork(1_000));
  }

  static async start(options: LaneOptions, chance: Chance): Promise<Lane> {
    const server = await startTokenServer();
    const home = await createCliHome({ tokenUrl: server.tokenUrl, apiUrl: server.apiUrl, ping: "profile" });
    const opencodes: Opencode[] = [];
    try {
      const login = await server.issue();
      await home.putEntries({ anthropic: oauthEntry(expired(login)) });
      // The first one makes the database of all.
      while (opencodes.length < options.opencodes) opencodes.push(await startPatiently(home.home));
      const foreign = await startForeign(options.program);
      return new Lane({ server, home, first: login.refresh, opencodes, foreign, options, chance });
    } catch (error) {
      for (const opencode of opencodes) await opencode.stop();
      await home.close();
      await server.close();
      throw error;
    }
  }

  /** The others write for so long, then all is looked at in calm. */
  async round(ms: number): Promise<void> {
    const end = Date.now() + ms;
    while (Date.now() < end) {
      for (let left = this.#chance.whole(1, 12); left > 0 && Date.now() < end; left -= 1) await this.#write();
      await this.#copy();
      if (this.#options.backups && Date.now() - this.#restoredAt >= RESTORE_EVERY_MS) await this.#restore();
      await pause(this.#chance.whole(0, 120));
    }
    await this.#calm();
  }

  /** Lets our own processes come to their end, and looks a last time. */
  async finish(): Promise<void> {
    await this.#crowd?.stop();
    this.wrong.push(...(this.#crowd?.wrong ?? []));
    await this.#calm();
    const last = this.#crowd === null ? null : await this.home.run("run", "--once");
    if (last !== null && last.code !== 0) this.wrong.push(`at the end "run --once" answers ${last.code}`);
    const { revoked } = await this.server.standing(this.#first);
    if (revoked) this.wrong.push("the provider has ended the login");
    if (this.#crowd !== null && !(await this.#isLive())) this.wrong.push("the login is not live at the end");
    const sent = (await this.server.requests("token")).map(({ token }) => token);
    const again = sent.length - new Set(sent).size;
    if (again > 0) this.wrong.push(`${again} of ${sent.length} refresh tokens were sent again`);
  }

  async refreshes(): Promise<number> {
    return (await this.server.requests("token")).length;
  }

  commands(): number {
    return [...(this.#crowd?.ends.values() ?? [])].reduce((sum, count) => sum + count, 0);
  }

  ourWrites(): number {
    return this.#sightings.ours();
  }

  async close(): Promise<void> {
    this.#crowd?.abandon();
    this.#sightings.close();
    await this.#foreign.close().catch(() => undefined);
    for (const opencode of this.#opencodes) await opencode.stop();
    await this.home.close();
    await this.server.close();
  }

  async #write(): Promise<void> {
    const { entries } = this.#options;
    const at = this.#chance.whole(0, entries - 1);
    // Half of the entries get values that return.
    const kind: Kind = at % 2 === 0 ? "new" : "again";
    const key = `their-${kind}-${at}`;
    const removed = this.#chance.fraction() < 0.15;
    const stamp = kind === "new" ? this.counts.writes : this.#chance.whole(0, 2);
    const value = removed ? undefined : { type: "api", key: `${key}-${stamp}` };
    const opencode =
      this.#chance.fraction() < 0.3 ? this.#opencodes[this.counts.writes % this.#opencodes.length] : undefined;
    const begun = Date.now();
    const write = { key, kind, value, begun };
    this.counts.writes += 1;
    if (opencode !== undefined) {
      await (value === undefined ? opencode.remove(key) : opencode.put(key, value));
      this.counts.byOpencode += 1;
      this.#ledger.wrote({ ...write, by: "opencode", ended: Date.now() });
      return;
    }
    const how = this.#chance.fraction() < 0.7 ? "in place" : "rename";
    const slowMs = this.#chance.fraction() < 0.1 ? this.#chance.whole(1, 40) : 0;
    const done = await this.#foreign.write({
      path: this.home.authFile,
      how,
      change: { key, value },
      text: null,
      slowMs,
    });
    this.counts.reads += 1;
    if (done.partial) return void this.wrong.push("another program read a file that was not whole");
    if (how === "rename") this.#sightings.foreign(done.inode);
    this.#ledger.wrote({ ...write, by: how, ended: Date.now() });
  }

  async #copy(): Promise<void> {
    const newest = this.#copies.at(-1);
    if (newest !== undefined && Date.now() - newest.at < COPY_EVERY_MS) return;
    this.#copies = [...this.#copies.slice(-120), { text: await readFile(this.home.authFile, "utf8"), at: Date.now() }];
  }

  async #restore(): Promise<void> {
    this.#restoredAt = Date.now();
    const least = this.#chance.pick([YOUNG_MS, OLD_MS]);
    const some = this.#copies.filter(({ at }) => Date.now() - at >= least);
    if (some.length === 0) return;
    const { text, at } = this.#chance.pick(some);
    const how = this.#chance.pick(["in place", "rename"] as const);
    const { inode } = await this.#foreign.write({ path: this.home.authFile, how, change: null, text, slowMs: 0 });
    if (how === "rename") this.#sightings.foreign(inode);
    this.counts.restores += 1;
    const now = Date.now();
    const young = now - at < OLD_MS;
    const age = Math.round((now - at) / 10_000) * 10;
    this.#ledger.restored(foreignIn(text), `${how} as it was ${age} s before`, now, young);
  }

  /** Nobody else writes: everything must come right, and then stay so. */
  async #calm(): Promise<void> {
    const end = Date.now() + this.#options.patienceMs;
    let losses = await this.#losses();
    let live = await this.#isLive();
    while ((losses.length > 0 || !live) && Date.now() < end) {
      await pause(50);
      losses = await this.#losses();
      live = await this.#isLive();
    }
    this.#note(losses, "");
    if (!live) this.wrong.push("the login is not live, though nobody else writes");
    const lost = new Set(losses.map(({ key }) => key));
    const calmUntil = Date.now() + CALM_MS;
    let later: readonly Loss[] = [];
    while (Date.now() < calmUntil && later.length === 0) {
      await pause(100);
      later = (await this.#losses()).filter(({ key }) => !lost.has(key));
    }
    this.#note(later, ", after it had stood");
    this.#ledger.settled(await this.#foreignEntries());
    this.counts.calms += 1;
  }

  #note(losses: readonly Loss[], more: string): void {
    for (const { kind, last, what } of losses) {
      const inWindow =
        last?.by === "rename" && this.#sightings.oursBetween(last.begun, last.ended + WINDOW_MS) && more === "";
      if (inWindow) this.counts.inWindow += 1;
      else if (kind === "again") this.counts.lostAgain += 1;
      else this.counts.lost += 1;
      if (!inWindow) this.wrong.push(`lost: ${what}${more}`);
    }
  }

  async #losses(): Promise<readonly Loss[]> {
    return this.#ledger.losses(await this.#foreignEntries());
  }

  /** Nobody else writes while this reads: a file that is not whole was left so by us. */
  async #foreignEntries(): Promise<Readonly<Record<string, unknown>>> {
    this.counts.reads += 1;
    const text = await readFile(this.home.authFile, "utf8");
    try {
      return foreignIn(text);
    } catch {
      this.wrong.push(`a file that was not whole: ${text.length} bytes`);
      return {};
    }
  }

  async #isLive(): Promise<boolean> {
    if (this.#crowd === null) return true;
    const { refresh = "" } = (await this.home.pair()) ?? {};
    return (await this.server.standing(refresh)).current;
  }
}

/** It gives up after a while, and a busy machine needs longer. */
async function startPatiently(home: string): Promise<Opencode> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOpencode({ home });
    } catch (error) {
      if (tries === OPENCODE_TRIES) throw error;
    }
  }
}

function foreignIn(text: string): Readonly<Record<string, unknown>> {
  const { anthropic: _ours, ...others } = v.parse(entriesSchema, JSON.parse(text));
  return others;
}
