import { describe, expect, it } from "vitest";
import { createSimFiles, SimError, type SimFiles } from "../../../sim/world/files.ts";
import {
  attempts,
  copyOf,
  FILE,
  intentOn,
  journalOf,
  pairOf as made,
  NOW,
  readable,
  successorTo,
} from "../testing/facts-bench.ts";
import { createJournal } from "./journal.ts";
import { openIntents, pairOf, successorOf } from "./journal-view.ts";

const FOLDER = "/journal";
const owner = { boot: "boot", pidNamespace: "ns", pid: 7, startedAt: "7" };
const header = { fp: "fp-r1", attempt: 1, file: FILE, ids: ["anthropic"], at: NOW, owner };

function bench() {
  const files = createSimFiles({ now: () => NOW });
  files.makeFolderNow(FOLDER);
  files.settle();
  let ids = 0;
  const random = { fraction: () => 0.5, id: () => `id${++ids}` };
  const warned: string[] = [];
  const log = { warn: (msg: string) => void warned.push(msg) };
  return {
    files,
    warned,
    journal: createJournal({
      files,
      random,
      fingerprint: readable,
      folder: FOLDER,
      log,
      clock: { monotonic: () => NOW },
    }),
  };
}
const text = (files: SimFiles, name: string) => files.readText(`${FOLDER}/${name}`) ?? "";

describe("an intent", () => {
  it("that could not be made and not be removed is worth a warning", async () => {
    const { files, warned, journal } = bench();
    files.setGate((op) => {
      if (op === "sync" || op === "remove") throw new SimError("EIO", op);
      return undefined;
    });
    await expect(journal.open(header)).rejects.toMatchObject({ code: "EIO" });
    expect(warned).toEqual(["an intent under which nothing was sent could not be removed"]);
  });

  it("whose temp file is swept while it is sealed stays as it was, and is sealed the next time", async () => {
    const { files, journal } = bench();
    const open = await journal.open(header);
    await open?.close();
    const [intent] = (await journal.load()).intents;
    if (intent === undefined) throw new Error("there is no intent");
    const successor = successorTo("r2");
    files.setGate((op, path) => {
      if (op === "rename") files.removeNow(path);
      return undefined;
    });
    await expect(journal.seal(intent, successor)).rejects.toMatchObject({ code: "ENOENT" });
    files.setGate(null);
    expect((await journal.load()).intents).toEqual([intent]);
    await journal.seal(intent, successor);
    expect((await journal.load()).intents).toMatchObject([{ successor }]);
  });

  it("is durable, with room for the successor, once it is open, and names no token", async () => {
    const { files, journal } = bench();
    const open = await journal.open(header);
    expect(files.listNow(FOLDER)).toEqual(["fp-r1.1.intent"]);
    expect(files.isDurable(`${FOLDER}/fp-r1.1.intent`)).toBe(true);
    expect(files.statNow(`${FOLDER}/fp-r1.1.intent`)).toMatchObject({ mode: 0o600, size: 4096 + 64 * 1024 });
    expect((await journal.load()).intents).toEqual([{ ...header, version: 1, successor: null }]);
    await open?.close();
    expect(files.openHandles()).toBe(0);
  });

  it("can be opened once: who comes second gets none", async () => {
    const { journal } = bench();
    expect(await journal.open(header)).not.toBeNull();
    expect(await journal.open(header)).toBeNull();
    expect(await journal.open({ ...header, attempt: 2 })).not.toBeNull();
  });

  it("leaves nothing behind when it cannot be made durable", async () => {
    for (const failing of ["write", "sync", "syncFolder"]) {
      const { files, journal } = bench();
      files.setGate((op) => {
        if (op === failing) throw new SimError("ENOSPC", op);
      });
      await expect(journal.open(header)).rejects.toMatchObject({ code: "ENOSPC" });
      files.setGate(null);
      expect(files.listNow(FOLDER)).toEqual([]);
      expect(files.openHandles()).toBe(0);
    }
  });

  it("takes a successor, durably, into the room that was reserved", async () => {
    const { files, journal } = bench();
    const open = await journal.open(header);
    const successor = successorTo("r2");
    await open?.succeed(successor);
    expect(files.isDurable(`${FOLDER}/fp-r1.1.intent`)).toBe(true);
    expect(files.statNow(`${FOLDER}/fp-r1.1.intent`).size).toBe(4096 + 64 * 1024);
    expect((await journal.load()).intents).toEqual([{ ...header, version: 1, successor }]);
  });

  it("holds ids of any characters and any number, and its successor stays in its place", async () => {
    for (const ids of [["ünï/😀"], Array.from({ length: 500 }, (_none, index) => `a-very-long-login-id-${index}`)]) {
      const { journal } = bench();
      const open = await journal.open({ ...header, ids });
      await open?.succeed(successorTo("r2"));
      const [intent] = (await journal.load()).intents;
      expect(intent?.successor).toEqual(successorTo("r2"));
      expect([ids, []]).toContainEqual(intent?.ids);
    }
  });

  it("whose header is torn was never sent under, and can be taken away", async () => {
    const { files, journal } = bench();
    for (const torn of ["", "{", '{"version":1,"fp":"fp-r1"', " ".repeat(70_000)]) {
      files.writeInPlace(`${FOLDER}/fp-r1.1.intent`, torn);
      const view = await journal.load();
      expect(view).toMatchObject({ intents: [], copies: [], torn: ["fp-r1.1.intent"] });
      await journal.discardTorn("fp-r1.1.intent");
      expect(files.listNow(FOLDER)).toEqual([]);
    }
  });

  it("that is damaged, as a copy, is set aside and not removed", async () => {
    const { files, warned, journal } = bench();
    const sealed = `${"\u00ff".repeat(300)}${" ".repeat(5_000)}`;
    const zeroed = `${"\0".repeat(4_096)}{"seal":"x","body":"y"}\n`;
    for (const [name, content] of [
      ["fp-r1.1.intent", sealed],
      ["fp-r1.2.intent", zeroed],
      ["fp-r2.copy", "not json"],
    ] as const) {
      files.writeInPlace(`${FOLDER}/${name}`, content);
      expect((await journal.load()).torn).toEqual([name]);
      await journal.discardTorn(name);
      expect(files.readText(`${FOLDER}/${name}.damaged-1`)).toBe(content);
      expect((await journal.load()).torn).toEqual([]);
    }
    expect(warned).toHaveLength(3);
    // What was set aside before is not replaced.
    files.writeInPlace(`${FOLDER}/fp-r2.copy`, "not json either");
    await journal.discardTorn("fp-r2.copy");
    const kept = [1, 2].map((n) => files.readText(`${FOLDER}/fp-r2.copy.damaged-${n}`));
    expect(kept).toEqual(["not json", "not json either"]);
  });

  it("whose successor is torn anywhere counts as not answered", async () => {
    const { files, journal } = bench();
    const open = await journal.open(header);
    await open?.succeed(successorTo("r2"));
    const whole = text(files, "fp-r1.1.intent");
    const end = whole.indexOf("\n", 4096);
    for (let cut = 4096; cut < end; cut += 7) {
      files.writeInPlace(`${FOLDER}/fp-r1.1.intent`, whole.slice(0, cut));
      expect((await journal.load()).intents[0]?.successor, `cut at ${cut}`).toBeNull();
    }
    files.writeInPlace(`${FOLDER}/fp-r1.1.intent`, whole.replace("access-r2", "access-xx"));
    expect((await journal.load()).intents[0]?.successor).toBeNull();
  });

  it("that was answered keeps no token after it was scrubbed, and is a tombstone then", async () => {
    const { files, journal } = bench();
    const open = await journal.open(header);
    await open?.succeed(successorTo("r2", { pair: made("SECRET") }));
    const [intent] = (await journal.load()).intents;
    if (intent === undefined) throw new Error("no intent");
    await journal.scrub(intent);
    expect(text(files, "fp-r1.1.intent")).not.toContain("SECRET");
    expect(files.listNow(FOLDER)).toEqual(["fp-r1.1.intent"]);
    expect((await journal.load()).intents[0]?.successor).toMatchObject({ fp: "fp-r2", pair: null });
    expect(await journal.open(header)).toBeNull();
  });

  it("that is a tombstone is read once, until it goes", async () => {
    const { files, journal } = bench();
    const open = await journal.open(header);
    await open?.succeed(successorTo("r2"));
    await open?.close();
    const [intent] = (await journal.load()).intents;
    if (intent === undefined) throw new Error("there is no intent");
    await journal.scrub(intent);
    const [tombstone] = (await journal.load()).intents;
    let reads = 0;
    files.setGate((op) => void (op === "read" && (reads += 1)));
    expect((await journal.load()).intents).toEqual([tombstone]);
    expect(reads).toBe(0);
    files.setGate(null);
    files.removeNow(`${FOLDER}/fp-r1.1.intent`);
    expect((await journal.load()).intents).toEqual([]);
    await (await journal.open(header))?.close();
    expect((await journal.load()).intents).toMatchObject([{ fp: "fp-r1", successor: null }]);
  });

  it("is written anew where the room failed, and taken back where nothing was spent", async () => {
    const { files, journal } = bench();
    const open = await journal.open(header);
    await open?.close();
    const [intent] = (await journal.load()).intents;
    if (intent === undefined) throw new Error("no intent");
    await journal.seal(intent, successorTo("r2"));
    expect((await journal.load()).intents[0]?.successor).toEqual(successorTo("r2"));
    await journal.discard("fp-r1", 1);
    await journal.discard("fp-r1", 1);
    expect(files.listNow(FOLDER)).toEqual([]);
  });
});

describe("the journal", () => {
  it("is empty where its folder does not exist, and passes over what is not its own", async () => {
    const { files, journal } = bench();
    files.writeInPlace(`${FOLDER}/notes.txt`, "x");
    files.writeInPlace(`${FOLDER}/fp-r1.copy.id1.tmp`, "x");
    expect(await journal.load()).toMatchObject({ intents: [], copies: [], torn: [] });
    const none = createJournal({
      files,
      random: { fraction: () => 0, id: () => "" },
      fingerprint: readable,
      folder: "/none",
      log: { warn: () => undefined },
      clock: { monotonic: () => NOW },
    });
    expect(await none.load()).toMatchObject({ intents: [], copies: [], torn: [] });
  });

  it("keeps a safe copy, 0600, until it is dropped", async () => {
    const { files, journal } = bench();
    const { version: _version, ...copy } = copyOf("r1");
    await journal.keepCopy(copy);
    expect((await journal.load()).copies).toEqual([copyOf("r1")]);
    expect(files.isDurable(`${FOLDER}/fp-r1.copy`)).toBe(true);
    expect(files.statNow(`${FOLDER}/fp-r1.copy`).mode).toBe(0o600);
    await journal.dropCopy("fp-r1");
    await journal.dropCopy("fp-r1");
    expect(files.listNow(FOLDER)).toEqual([]);
  });
});

describe("what the journal knows of a token", () => {
  it("open attempts are those without an answer, oldest first, and none once one was answered", () => {
    const [one, two, three] = attempts("r1", 3);
    if (one === undefined || two === undefined || three === undefined) throw new Error("no attempts");
    expect(openIntents(journalOf([three, one, two]), "fp-r1")).toEqual([one, two, three]);
    expect(openIntents(journalOf([one]), "fp-r2")).toEqual([]);
    const answered = { ...two, successor: successorTo("r2") };
    expect(openIntents(journalOf([one, answered, three]), "fp-r1")).toEqual([]);
    expect(successorOf(journalOf([one, answered, three]), "fp-r1")).toEqual(successorTo("r2"));
  });

  it("the pair of a generation is the newest that is kept of it, whatever the order of the names", () => {
    const maker = intentOn("r1", {
      successor: successorTo("r2", { at: NOW - 9, pair: made("r2", { access: "old" }) }),
    });
    const unrotated = intentOn("r2", {
      successor: successorTo("r2", { at: NOW, pair: made("r2", { access: "new" }) }),
    });
    for (const intents of [
      [maker, unrotated],
      [unrotated, maker],
    ]) {
      expect(pairOf(journalOf(intents), "fp-r2")?.access).toBe("new");
    }
    expect(pairOf(journalOf([maker]), "fp-r2")?.access).toBe("old");
    expect(pairOf(journalOf([], [copyOf("r2")]), "fp-r2")).toEqual(made("r2"));
    expect(pairOf(journalOf([maker]), "fp-r1")).toBeNull();
  });
});
