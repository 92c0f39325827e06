import { describe, expect, it } from "vitest";
import type { Ended } from "../../e2e/support/cli.ts";
import { straceMissing } from "../support/traced/strace.ts";
import type { Disk, Truth } from "../support/verdict.ts";
import { honest } from "./endings.ts";
import { error } from "./error.ts";

describe.skipIf(await straceMissing())("the campaign error, in its short form", () => {
  it("finds nothing", async () => {
    const { counts, failures } = await error.run({ form: "short", seed: 1, minutes: null, say: () => undefined });
    console.info(JSON.stringify(counts));
    expect(failures).toEqual([]);
    expect(counts["faults"]).toBeGreaterThanOrEqual(8);
  });
});

describe("the verdict of an exit code", () => {
  const [OLD, NEW] = ["sk-ant-ort01-planted-old", "sk-ant-ort01-planted-new"];
  const disk = (refresh: string): Disk => ({
    text: `{"refresh":"${refresh}"}`,
    mode: 0o600,
    beside: [],
    state: new Map(),
    open: [],
  });
  const renewed: Truth = { id: "anthropic", chain: [OLD, NEW].map((token) => ({ token, sent: 0 })), revoked: false };
  const asBefore: Truth = { ...renewed, chain: [{ token: OLD, sent: 0 }] };
  const ended = (code: number | null, stdout = ""): Ended => ({ code, signal: null, stdout, stderr: "", ms: 0 });

  it("has nothing to say of 0 for a renewed login, nor of 3 for one that waits", () => {
    expect(honest(ended(0), renewed, disk(NEW), OLD)).toEqual([]);
    expect(honest(ended(3, "Nothing was sent: no room."), asBefore, disk(OLD), OLD)).toEqual([]);
  });
  it.each([
    ["0 for a login that was not renewed", ended(0), asBefore, OLD],
    ["0 for an answer that is not in the file", ended(0), renewed, OLD],
    ["nothing was sent, where something was", ended(3, "Nothing was sent: no room."), renewed, NEW],
    ["wrong usage", ended(2), renewed, NEW],
    ["a mistake in the program", ended(3, "TypeError: x"), asBefore, OLD],
    ["a token", ended(0, OLD), renewed, NEW],
  ])("bites at %s", (_, how, truth, inFile) => {
    expect(honest(how, truth, disk(inFile), OLD)).toHaveLength(1);
  });
});
