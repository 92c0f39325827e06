import { describe, expect, it } from "vitest";
import { defaultRules } from "../../e2e/support/server/token-authority.ts";
import { startTokenServer } from "../../e2e/support/server/token-server.ts";
import { cutOff, recover } from "../support/recovery.ts";
import { setStage } from "../support/stage.ts";
import { straceMissing } from "../support/traced/strace.ts";
import { newestOf } from "../support/verdict.ts";
import { kill } from "./kill.ts";

describe.skipIf(await straceMissing())("the campaign kill, in its short form", () => {
  it("finds nothing", async () => {
    const { counts, failures } = await kill.run({ form: "short", seed: 1, minutes: null, say: () => undefined });
    console.info(JSON.stringify(counts));
    expect(failures).toEqual([]);
    expect(counts["kills"]).toBeGreaterThanOrEqual(16);
  });
});

describe("the verdict of a restart", () => {
  it.for([
    ["a token that was spent behind our back, and is sent again", "was sent 2 times", ""],
    ["an answer that was kept, and is nowhere after the restart", "the restart lost it", "journal/x.intent"],
  ] as const)("bites at %s", async ([, says, keptIn], { onTestFinished }) => {
    const server = await startTokenServer();
    onTestFinished(() => server.close());
    const stage = await setStage(server, "flat");
    onTestFinished(() => stage.close());
    const begun = newestOf(await stage.truth());
    const members = { grant_type: "refresh_token", refresh_token: begun, client_id: defaultRules.clientId };
    const headers = { "content-type": "application/json" };
    await fetch(server.tokenUrl, { method: "POST", headers, body: JSON.stringify(members) });
    const { truth, disk } = await cutOff(stage, begun);
    const state = new Map(keptIn === "" ? [] : [[keptIn, newestOf(truth)]]);
    const { wrong } = await recover(stage, { begun, truth, disk: { ...disk, state } });
    expect(wrong.join("\n")).toContain(says);
    expect(wrong.join("\n")).not.toContain("planted");
  });
});
