import { describe, expect, it } from "vitest";
import {
  accountGenerations,
  accounts,
  bench,
  FOLDER,
  nothing,
  PATH,
  plan,
} from "../../../sim/benches/credential-bench.ts";

describe("a commit to a multi-account file", () => {
  it("holds that format's lock, and writes updatedAt", async () => {
    const { file, files, clock, before } = bench(accounts({ one: "x1", two: "y1" }));
    const lockAtRename: unknown[] = [];
    before("rename", () => lockAtRename.push(files.readText(`${PATH}.lock`)));
    const session = file.openSession();
    await session.prepare();
    expect((await session.commit(plan("anthropic/one", "x1", "x2"))).kind).toBe("written");
    await session.close();
    expect([lockAtRename, files.listNow(FOLDER)]).toEqual([[""], ["auth.json"]]);
    expect(accountGenerations(files.readText(PATH))).toEqual({ one: "x2", two: "y1" });
    expect(files.readText(PATH)?.match(/"updatedAt": \d+/g)).toEqual([
      `"updatedAt": ${clock.now()}`,
      `"updatedAt": ${clock.now() - 1_000}`,
    ]);
  });

  it("waits for that lock, and fails without it", async () => {
    const { file, files, clock } = bench(accounts({ one: "x1" }));
    files.writeInPlace(`${PATH}.lock`, "");
    clock.at(2_000, () => files.removeNow(`${PATH}.lock`));
    const session = file.openSession();
    expect((await session.commit(plan("anthropic/one", "x1", "x2"))).kind).toBe("written");
    files.writeInPlace(`${PATH}.lock`, "");
    const waited = clock.monotonic();
    expect(await session.commit(plan("anthropic/one", "x2", "x3"))).toEqual({
      kind: "failed",
      problem: { kind: "formatLockBusy" },
    });
    expect(clock.monotonic() - waited).toBe(5_000);
    expect((await session.commit(nothing)).kind).toBe("nothing");
  });
});
