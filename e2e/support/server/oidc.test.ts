import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OidcServer, startOidcServer } from "./oidc.ts";

interface TokenAnswer {
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly expires_in?: number;
  readonly error?: string;
}

describe("oidc-provider as an independent authorization server", () => {
  let server: OidcServer;
  beforeAll(async () => {
    server = await startOidcServer({ expiresIn: 900 });
  });
  afterAll(() => server.close());

  const redeem = async (refresh_token: string): Promise<{ status: number; answer: TokenAnswer }> => {
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token, client_id: server.clientId });
    const response = await fetch(server.tokenUrl, { method: "POST", body });
    return { status: response.status, answer: (await response.json()) as TokenAnswer };
  };

  it("rotates three times, then takes a replay as theft and ends the whole grant", async () => {
    const { grantId, refresh } = await server.issue();
    const chain = [refresh];
    for (let turn = 0; turn < 3; turn += 1) {
      const { status, answer } = await redeem(chain.at(-1) ?? "");
      expect(status).toBe(200);
      expect(answer).toMatchObject({ expires_in: 900, access_token: expect.any(String) });
      chain.push(answer.refresh_token ?? "");
    }
    expect(new Set(chain).size).toBe(4);
    expect(server.events.filter(({ kind }) => kind === "consumed")).toHaveLength(3);
    expect(server.events).not.toContainEqual({ kind: "revoked", grantId });

    expect(await redeem(chain[1] ?? "")).toMatchObject({ status: 400, answer: { error: "invalid_grant" } });
    expect(server.events).toContainEqual({ kind: "revoked", grantId });
    expect(server.events.at(-1)).toMatchObject({ kind: "refused", error: "invalid_grant" });
    expect(await redeem(chain[3] ?? "")).toMatchObject({ status: 400, answer: { error: "invalid_grant" } });
  });

  it("keeps grants apart", async () => {
    const [one, other] = [await server.issue("one"), await server.issue("other")];
    await redeem(one.refresh);
    await redeem(one.refresh);
    expect((await redeem(other.refresh)).status).toBe(200);
  });
});
