/** The invariants I1 to I8 of ARCHITECTURE.md, asked of the simulated world at every step that could break one. */
import { parseDocument } from "../../app/credentials/read/parse.ts";
import type { SimFiles } from "./files.ts";
import { type Content, isOauth, tryParse } from "./opencode.ts";
import { AUTH, STATE, simFingerprint } from "./process.ts";
import type { Sending, SimServer } from "./server.ts";
import type { Actor, SimTime } from "./time.ts";

const HEADER_BYTES = 4096;

interface Note {
  readonly spentAt?: number;
  readonly displacedAt?: number;
  readonly removedAt?: number;
  readonly ended?: object;
  readonly next?: string;
}

export interface Checks {
  readonly failures: string[];
  /** One-shot processes of a user who deliberately asked. */
  readonly userCommands: Set<Actor>;
  /** All contents that others wrote. */
  readonly foreign: Content[];
  fail(what: string): void;
  beforeSend(sending: Sending): void;
  beforeOurWrite(actor: Actor, temp: string): void;
  afterStep(): void;
  takeBackup(): void;
  restoreBackup(inPlace: boolean): void;
  diskFailed(): void;
  clockStepped(): void;
  calm(): void;
  atTheEnd(content: Content): void;
}

export function createChecks(disk: SimFiles, server: SimServer, time: SimTime, story: string[]): Checks {
  const failures: string[] = [];
  const userCommands = new Set<Actor>();
  const foreign: Content[] = [];
  const backups: string[] = [];
  const safe = new Set<string>();
  /** Each value that ever stood in the file when we wrote: what a stale writer undid goes back as it was. */
  const raws = new Set<string>();
  let seen = 0;
  let failing = false;
  let stepped = false;

  const fail = (what: string): void => {
    story.push(`+${Math.round(time.monotonic)} BROKEN: ${what}`);
    failures.push(what);
  };
  /** None in a folder that is not there: without an event there is no history. */
  const namesIn = (folder: string): readonly string[] => {
    try {
      return disk.listNow(folder);
    } catch {
      return [];
    }
  };
  const journalNames = () => namesIn(`${STATE}/journal`);
  const journalText = (): string =>
    journalNames()
      .map((name) => disk.readText(`${STATE}/journal/${name}`) ?? "")
      .join("\n");
  const notes = (): Readonly<Record<string, Note>> => {
    const text = disk.readText(`${STATE}/files/${simFingerprint.of(AUTH)}/lineage.json`);
    const parsed = text === null ? null : tryParse(text);
    const tokens: unknown = parsed?.["tokens"];
    return typeof tokens === "object" && tokens !== null ? { ...tokens } : {};
  };
  /** Spent, as far as our disk proves it. */
  const provenSpent = (token: string): boolean => {
    const fp = simFingerprint.of(token);
    if (notes()[fp]?.spentAt !== undefined) return true;
    return journalNames().some((name) => {
      if (!name.startsWith(`${fp}.`) || !name.endsWith(".intent")) return false;
      const rest = (disk.readText(`${STATE}/journal/${name}`) ?? "").slice(HEADER_BYTES).trim();
      return rest.includes("lifetimeMs") && !rest.includes(`\\"fp\\":\\"${fp}\\"`);
    });
  };

  /** Sent, and the answer is not known. */
  const isOpen = (token: string): boolean => {
    const names = journalNames().filter(
      (name) => name.startsWith(`${simFingerprint.of(token)}.`) && name.endsWith(".intent"),
    );
    return (
      names.length > 0 &&
      !names.some((name) => (disk.readText(`${STATE}/journal/${name}`) ?? "").includes("lifetimeMs"))
    );
  };

  /** All attempts are used up: it needs a sign-in, or the user's "try once more". */
  const isGivenUp = (token: string): boolean =>
    isOpen(token) && journalNames().filter((name) => name.startsWith(`${simFingerprint.of(token)}.`)).length >= 6;

  return {
    failures,
    userCommands,
    foreign,
    fail,

    beforeSend(sending) {
      const { token, actor } = sending;
      const fp = simFingerprint.of(token);
      const asked = userCommands.has(actor);
      const note = notes()[fp];
      story.push(`+${Math.round(time.monotonic)} ${actor.name} sends ${token}${asked ? " (asked)" : ""}`);
      if (provenSpent(token)) fail(`I1: ${token} was sent although its successor is known`);
      if (note?.displacedAt !== undefined) fail(`I4: ${token} was displaced and is redeemed unasked`);
      if (note?.removedAt !== undefined) fail(`I8: ${token} was removed and is redeemed unasked`);
      if (note?.ended !== undefined && !asked) fail(`I1: ${token} had ended`);
      for (const before of server.sendings.filter((each) => each.token === token)) {
        if (before.told === null && before.actor.alive) fail(`I1: ${token} is still under way in ${before.actor.name}`);
      }
      for (const before of server.sendings.filter(
        (each) => each.token === token && (each.told === null || each.told === "unknown"),
      )) {
        if (!asked && !stepped && time.monotonic - before.at < 55_000)
          fail(`I1: ${token} was sent again too soon after a lost answer`);
      }
      // An answer with the same refresh token ends the attempts: what follows is a refresh like any other.
      const answered = server.sendings.findLastIndex((each) => each.token === token && each.told === "unrotated");
      const unknown = server.sendings.filter(
        (each, at) => at > answered && each.token === token && (each.told === null || each.told === "unknown"),
      );
      const newest = unknown.at(-1);
      if (unknown.length > 5 && !asked && !stepped && newest !== undefined && time.monotonic - newest.at < 59 * 60_000)
        fail(`I1: more than one deliberate attempt an hour with ${token}`);
      const intents = journalNames().filter((name) => name.startsWith(`${fp}.`) && name.endsWith(".intent"));
      if (!intents.some((name) => disk.isDurable(`${STATE}/journal/${name}`)))
        fail(`I2: no durable intent for ${token}`);
      const temp = disk
        .listNow("/home/me/share/opencode")
        .find((name) => name.startsWith(".auth.json.pilot-light-") && name.endsWith(".tmp"));
      if (temp === undefined) fail("I2: no temp file stands in the folder when a token is sent");
    },

    beforeOurWrite(actor, temp) {
      const before = parseDocument(disk.readText(AUTH) ?? "");
      const after = parseDocument(disk.readText(temp) ?? "");
      story.push(`+${Math.round(time.monotonic)} ${actor.name} writes the file`);
      if (before.kind !== "document") return fail("I7: a file that is not understood was replaced");
      if (after.kind !== "document") return fail("I7: nonsense was written");
      const ledger = notes();
      for (const [id, { raw }] of before.document.slots) raws.add(`${id} ${raw}`);
      const ids = new Set([...before.document.slots.keys(), ...after.document.slots.keys()]);
      for (const id of ids) {
        const old = before.document.slots.get(id)?.raw;
        const now = after.document.slots.get(id)?.raw;
        if (old === now) continue;
        const value: unknown = now === undefined ? undefined : JSON.parse(now);
        const was: unknown = old === undefined ? undefined : JSON.parse(old);
        const merged =
          raws.has(`${id} ${now}`) || foreign.some((content) => JSON.stringify(content[id]) === JSON.stringify(value));
        if (isOauth(value) && isOauth(was) && old !== undefined && now !== undefined) {
          if (provenSpent(value.refresh)) fail(`I5: ${id} was given a spent token`);
          if (!merged && value.refresh !== was.refresh && isOpen(value.refresh))
            fail(`I5: ${id} was given a token whose outcome is unknown`);
          const blank = (text: string, pair: typeof value) =>
            text
              .replace(JSON.stringify(pair.refresh), "R")
              .replace(JSON.stringify(pair.access), "A")
              .replace(String(pair.expires), "E");
          if (blank(old, was) !== blank(now, value) && !merged) fail(`I3: more than the pair of ${id} was changed`);
          const chain = [simFingerprint.of(was.refresh), simFingerprint.of(value.refresh)];
          if (!merged && chain.some((fp) => ledger[fp]?.removedAt !== undefined))
            fail(`I8: a removed login was written at ${id}`);
          if (!merged && !failing && was.refresh !== "" && was.refresh !== value.refresh && !provenSpent(was.refresh)) {
            const put = foreign.length > 0 && ledger[simFingerprint.of(value.refresh)] !== undefined;
            if (!put) fail(`I4: ${id} was written over another generation`);
          }
          const ours = server.sendings.some(
            (sending) => sending.told === "success" && sending.issued === value.refresh,
          );
          if (ours && !failing && !journalText().includes(value.refresh))
            fail(`I2: the successor of ${id} was not journaled first`);
        } else if (!merged && now !== undefined && id === "odd")
          fail("I3: an entry that nobody understands was changed");
      }
      for (const [id, { raw }] of after.document.slots) raws.add(`${id} ${raw}`);
      if (before.document.slots.has("odd") && !after.document.slots.has("odd"))
        fail("I3: an entry that nobody understands was lost");
    },

    afterStep() {
      for (let i = seen; i < server.sendings.length; i++) {
        const sending = server.sendings[i];
        if (sending?.issued === null || sending === undefined) continue;
        if (sending.told === "success" && !safe.has(sending.issued)) {
          const fp = simFingerprint.of(sending.token);
          const names = journalNames().filter((name) => name.startsWith(`${fp}.`));
          const issued = sending.issued;
          const durable = names.some((name) => {
            const path = `${STATE}/journal/${name}`;
            return (disk.readText(path) ?? "").includes(issued) && disk.isDurable(path);
          });
          if (durable) safe.add(issued);
          else if (
            !failing &&
            sending.actor.alive &&
            sending.actor.stoppedUntil === 0 &&
            time.monotonic > sending.toldAt + 2_000
          ) {
            fail(`I2: the successor of ${sending.token} was not journaled`);
            safe.add(issued);
          }
        }
      }
      const done = server.sendings.findIndex(
        (each) => each.actor.alive && (each.told === null || (each.issued !== null && !safe.has(each.issued))),
      );
      seen = done === -1 ? server.sendings.length : done;
    },

    takeBackup() {
      const text = disk.readText(AUTH);
      if (text !== null) backups.push(text);
    },
    restoreBackup(inPlace) {
      const text = backups.at(-1);
      const content = text === undefined ? null : tryParse(text);
      if (text === undefined || content === null) return;
      foreign.push(content);
      if (inPlace) disk.writeInPlace(AUTH, text);
      else disk.replace(AUTH, text);
    },
    diskFailed() {
      failing = true;
    },
    clockStepped() {
      stepped = true;
    },
    calm() {
      story.push(`+${Math.round(time.monotonic)} calm`);
    },

    atTheEnd(content) {
      const ledger = notes();
      const held = (fp: string): boolean =>
        ledger[fp]?.removedAt !== undefined || ledger[fp]?.displacedAt !== undefined;
      const chain = (fp: string, more: readonly string[] = []): readonly string[] => {
        const next = ledger[fp]?.next;
        return next === undefined || more.includes(fp) ? [...more, fp] : chain(next, [...more, fp]);
      };
      for (const [id, entry] of Object.entries(content)) {
        if (!isOauth(entry) || entry.refresh === "" || !["anthropic", "second"].includes(id)) continue;
        const family = server.tokens.get(entry.refresh)?.family;
        if (family === undefined) continue;
        const live = server.live(family);
        const fp = simFingerprint.of(entry.refresh);
        const ended = ledger[fp]?.ended !== undefined;
        if (ended && live === entry.refresh) fail(`a living login at ${id} was called ended`);
        if (live !== null && live !== entry.refresh && safe.has(live) && !chain(fp).some(held) && !isGivenUp(live)) {
          fail(`a login was lost: ${id} holds ${entry.refresh}, the living ${live} was in our hands`);
        }
        const intents = journalNames().filter((name) => name.startsWith(`${fp}.`) && name.endsWith(".intent"));
        if (
          live === entry.refresh &&
          !ended &&
          !chain(fp).some(held) &&
          intents.length < 6 &&
          entry.expires <= time.now()
        ) {
          fail(`${id} was not kept alive`);
        }
      }
      for (const token of safe) {
        const family = server.tokens.get(token)?.family ?? "";
        const fp = simFingerprint.of(token);
        if (server.live(family) !== token || chain(fp).some(held) || ledger[fp]?.ended !== undefined) continue;
        const stands = (disk.readText(AUTH) ?? "").includes(token);
        if (!stands && !journalText().includes(token)) fail(`a login was lost: ${token} is nowhere`);
      }
      const folders = [
        `${STATE}/files/${simFingerprint.of(AUTH)}`,
        STATE,
        `${STATE}/files/${simFingerprint.of(AUTH)}/history`,
      ];
      for (const folder of folders) {
        for (const name of namesIn(folder)) {
          if ((disk.readText(`${folder}/${name}`) ?? "").includes("SECRET")) fail(`I6: a token stands in ${name}`);
        }
      }
    },
  };
}
