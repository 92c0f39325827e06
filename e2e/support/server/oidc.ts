import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import { Provider } from "oidc-provider";

/** Something that the authorization server did, in order. It names grants, never tokens. */
export type OidcEvent =
  | { readonly kind: "refreshed" }
  | { readonly kind: "consumed" | "destroyed" | "revoked"; readonly grantId: string }
  | { readonly kind: "refused"; readonly error: string; readonly detail: string };

/**
 * An OAuth server that other people wrote (`oidc-provider`), on loopback: rotation, and the end of the whole grant when a
 * spent refresh token comes again. It takes form-encoded bodies only.
 */
export interface OidcServer {
  readonly issuer: string;
  /** A whole endpoint, as `--token-url` takes it. */
  readonly tokenUrl: string;
  readonly clientId: string;
  /** A new grant of the client for this account, without a browser. @returns its first refresh token. */
  issue(accountId?: string): Promise<{ readonly grantId: string; readonly refresh: string }>;
  readonly events: readonly OidcEvent[];
  close(): Promise<void>;
}

const clientId = "9d1c250a-e61b-44d9-88ed-5944d1962f5e";
const scope = "openid offline_access";

/** @param options.expiresIn lifetime of access tokens, seconds */
export async function startOidcServer({ expiresIn = 3600 } = {}): Promise<OidcServer> {
  const http = createServer();
  const issuer = await listen(http);
  const provider = quietly(() => new Provider(issuer, configuration(expiresIn)));
  http.on("request", provider.callback());
  const events: OidcEvent[] = [];
  provider.on("grant.success", () => events.push({ kind: "refreshed" }));
  provider.on("grant.revoked", (_, grantId) => events.push({ kind: "revoked", grantId }));
  provider.on("refresh_token.consumed", ({ grantId }) => events.push({ kind: "consumed", grantId }));
  provider.on("refresh_token.destroyed", ({ grantId }) => events.push({ kind: "destroyed", grantId }));
  provider.on("grant.error", (_, error) =>
    events.push({ kind: "refused", error: error.error ?? error.name, detail: error.error_detail ?? "" }),
  );
  provider.on("server_error", (_, error) =>
    events.push({ kind: "refused", error: "server_error", detail: error.message }),
  );
  return {
    issuer,
    tokenUrl: `${issuer}/token`,
    clientId,
    events,
    async issue(accountId = "someone") {
      const client = await provider.Client.find(clientId);
      if (client === undefined) throw new Error("the client is not registered");
      const grant = new provider.Grant({ accountId, clientId });
      grant.addOIDCScope(scope);
      const grantId = await grant.save();
      const token = new provider.RefreshToken({ accountId, client, grantId, gty: "authorization_code", scope });
      return { grantId, refresh: await token.save() };
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

function configuration(expiresIn: number): Readonly<Record<string, unknown>> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const day = 24 * 3600;
  return {
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: "none",
        application_type: "native",
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        redirect_uris: ["http://127.0.0.1/callback"],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "test" }] },
    cookies: { keys: ["not a secret: no browser comes here"] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    rotateRefreshToken: true,
    ttl: { AccessToken: expiresIn, RefreshToken: 30 * day, Grant: 30 * day, IdToken: 3600 },
  };
}

/** It warns of its in-memory store, which is just what a test wants. */
function quietly<T>(make: () => T): T {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return make();
  } finally {
    console.warn = warn;
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}
