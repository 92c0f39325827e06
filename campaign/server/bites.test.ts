import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chanceOf, type Plan } from "../frame.ts";
import { createFindings, type Findings } from "../support/findings.ts";
import { startRawServer } from "../support/raw-server.ts";
import { answer, framed, pairBody } from "./answers.ts";
import { notAs, notUnknown } from "./judge.ts";
import { fateOf } from "./rows.ts";
import { type AnswerIt, attack, createStage, type Outcome, type Stage } from "./stage.ts";
import { tooSoon } from "./storms.ts";
import { meet } from "./strangers.ts";

const plan: Plan = { form: "short", seed: 1, minutes: null, say: () => undefined };

describe("the judges of the server campaign", () => {
  let findings: Findings;
  let stage: Stage;
  beforeAll(async () => {
    findings = createFindings(1, () => undefined);
    stage = await createStage(plan, chanceOf(1), findings);
  });
  afterAll(() => stage.close());
  const play = async (answerIt: AnswerIt, look: (outcome: Outcome) => Promise<void> | void): Promise<void> => {
    let looked = 0;
    await attack(stage, { name: "a test", over: "http", answer: answerIt }, async (outcome) => {
      await look(outcome);
      looked += 1;
      return null;
    });
    expect(looked).toBe(1);
  };
  const good: AnswerIt = async (line, { redeem }) => {
    await line.write(framed("length", pairBody(redeem())).bytes);
    line.end();
  };

  it("find nothing where all is well, and something wherever it is not", async () => {
    await play(good, (outcome) => {
      const healthy = (change: Partial<Outcome>): string | null => notAs("healthy", stage, { ...outcome, ...change });
      const { pass, after, login } = outcome;
      expect(healthy({})).toBeNull();
      expect(notAs("outcomeUnknown", stage, outcome)).toMatch(/^healthy, exit 0/);
      expect(healthy({ after: after?.replace("1e2", "100") ?? null })).toMatch(/not the old one/);
      expect(healthy({ after: after?.slice(0, -1) ?? null })).toMatch(/not the old one/);
      expect(healthy({ requests: () => [...outcome.requests(), ...outcome.requests()] })).toMatch(/twice/);
      expect(healthy({ pass: { ...pass, said: login.access } })).toMatch(/printed/);
      expect(healthy({ pass: { ...pass, said: "TypeError: x" } })).toMatch(/broke/);
      expect(healthy({ pass: { ...pass, code: null } })).toMatch(/broke/);
      expect(healthy({ beside: ["auth.json.tmp"] })).toMatch(/beside/);
      expect(healthy({ peak: 10 ** 6 })).toMatch(/memory/);
    });
  });

  it("find a server that gives a pair which is not live", async () => {
    const wrong: AnswerIt = async (line, { redeem }) => {
      const { refresh } = redeem();
      await line.write(answer(200, {}, pairBody({ access: "planted", refresh: `${refresh}x` })));
      line.end();
    };
    await play(wrong, (outcome) => expect(notAs("healthy", stage, outcome)).toMatch(/not the old one/));
  });

  it("find a token that is sent again after a lost answer", async () => {
    const lost: AnswerIt = (line) => line.reset();
    await play(lost, async (outcome) => {
      expect(await notUnknown(stage, outcome, true)).toBeNull();
      let asked = 0;
      const requests = (): ReturnType<Outcome["requests"]> =>
        (asked += 1) > 2 ? [...outcome.requests(), ...outcome.requests()] : outcome.requests();
      expect(await notUnknown(stage, { ...outcome, requests }, true)).toMatch(/sent the token again/);
      // A deliberate attempt shows that a second request is counted.
      await outcome.home.run("refresh");
      expect(outcome.requests()).toHaveLength(2);
    });
  });

  it("find a token that is sent over TLS", async () => {
    const tls = await stage.certificates.issue({ names: "DNS:localhost,IP:127.0.0.1", from: -2, to: 30 });
    const server = await startRawServer({ tls, onRequest: (line) => line.end() });
    await meet(stage, { name: "a good certificate", server });
    await server.close();
    expect(findings.failures().map(({ what }) => what)).toContain("TLS: a good certificate: a token was sent");
  });

  it("find a token that is redeemed twice", async () => {
    const twice: AnswerIt = async (line, { redeem }) => {
      redeem();
      redeem();
      await line.write("never");
    };
    await play(twice, () => undefined);
    expect(findings.failures().map(({ what }) => what)).toContain("a token was redeemed that is reused");
  });
});

describe("the table", () => {
  it("is read by status and top level", () => {
    expect([200, 299].map((status) => fateOf(status, "pair"))).toEqual(["healthy", "healthy"]);
    expect([400, 401, 403].map((status) => fateOf(status, "grant"))).toEqual(["signIn", "signIn", "signIn"]);
    expect([402, 404, 302, 503, 529].map((status) => fateOf(status, "grant"))).toEqual(Array(5).fill("retrying"));
    expect([408, 500, 504, 999, 101].map((status) => fateOf(status, "pair"))).toEqual(Array(5).fill("outcomeUnknown"));
  });
});

describe("a storm", () => {
  it("is seen where requests come too soon, too often, or before the time that was asked for", () => {
    const minutes = (...at: readonly number[]): readonly number[] => at.map((minute) => minute * 60_000);
    expect(tooSoon(minutes(0, 1, 3, 7), 0)).toEqual([]);
    expect(tooSoon(minutes(0, 0.5, 3), 0)).toEqual([expect.stringContaining("less than a minute")]);
    expect(tooSoon(minutes(0, 0.5, 1, 1.5), 0)).toHaveLength(2);
    expect(tooSoon(minutes(0, 2), 10 * 60_000)).toEqual([expect.stringContaining("told to wait 600 s")]);
    expect(tooSoon([0, 59_900, 125_000], 0)).toEqual([]);
    expect(tooSoon([5], 0)).toEqual([]);
  });
});
