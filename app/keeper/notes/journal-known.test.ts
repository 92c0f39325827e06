/** What a journal believes of what it has read, while another process writes. */
import { describe, expect, it } from "vitest";
import { createSimFiles } from "../../../sim/world/files.ts";
import { FILE, pairOf as made, NOW, readable, successorTo } from "../testing/facts-bench.ts";
import { createJournal } from "./journal.ts";
import { openIntents, pairOf } from "./journal-view.ts";

const FOLDER = "/journal";
const owner = { boot: "boot", pidNamespace: "ns", pid: 7, startedAt: "7" };
const header = { fp: "fp-r1", attempt: 1, file: FILE, ids: ["anthropic"], at: NOW, owner };

/** The journals of two processes over one folder. */
function twoProcesses() {
  const files = createSimFiles({ now: () => NOW });
  files.makeFolderNow(FOLDER);
  let ids = 0;
  const random = { fraction: () => 0.5, id: () => `id${++ids}` };
  const parts = { files, random, fingerprint: readable, folder: FOLDER, log: { warn: () => undefined } };
  const clock = { monotonic: () => NOW };
  return { journal: createJournal({ ...parts, clock }), other: createJournal({ ...parts, clock }) };
}

describe("a journal", () => {
  it("takes an intent for answered no longer than it is, where its name comes again", async () => {
    const { journal, other } = twoProcesses();
    const first = await journal.open(header);
    await first?.succeed(successorTo("r1"));
    await first?.close();
    expect(openIntents(await other.load(), "fp-r1")).toEqual([]);
    // The refresh token stayed the same, so the next attempt is the first one again.
    await journal.discard("fp-r1", 1);
    await (await journal.open(header))?.close();
    expect(openIntents(await other.load(), "fp-r1")).toHaveLength(1);
  });

  it("sees a copy that another process replaced", async () => {
    const { journal, other } = twoProcesses();
    await journal.keepCopy({ fp: "fp-r1", file: FILE, ids: ["anthropic"], pair: made("r1") });
    await other.load();
    await journal.keepCopy({ fp: "fp-r1", file: FILE, ids: ["anthropic"], pair: made("r1", { access: "newer" }) });
    expect(pairOf(await other.load(), "fp-r1")?.access).toBe("newer");
  });
});
