/** Where a person signs in at the provider of a test: OAuth with a page that shows a code, on loopback. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { IssuedPair } from "./token-authority.ts";

export interface SignInDoor {
  readonly url: string;
  /** What the newest sign-in gave; null = there was none. */
  given(): IssuedPair | null;
  close(): Promise<void>;
}

/** @returns the code that a person reads on that page. */
export async function readCode(page: string): Promise<string> {
  return /<code>([^<]+)/.exec(await (await fetch(page)).text())?.[1] ?? "";
}

/** @param issue makes the login that a sign-in gives */
export async function openSignInDoor(issue: () => Promise<IssuedPair>): Promise<SignInDoor> {
  const challenges: string[] = [];
  let given: IssuedPair | null = null;
  const token = async (form: URLSearchParams) => {
    const [, count] = /^first-hour-(\d+)$/.exec(form.get("code") ?? "") ?? [];
    const verifier = form.get("code_verifier") ?? "";
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    if (count === undefined || challenges[Number(count) - 1] !== challenge) return null;
    const pair = await issue();
    given = pair;
    const expires_in = Math.round((pair.expires - Date.now()) / 1000);
    return { token_type: "Bearer", access_token: pair.access, refresh_token: pair.refresh, expires_in };
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const form = new URLSearchParams(await text(request));
    if (pathname === "/oauth/par") {
      challenges.push(form.get("code_challenge") ?? "");
      response.writeHead(201).end(JSON.stringify({ request_uri: String(challenges.length) }));
    } else if (pathname === "/oauth/authorize") {
      const page = `<!doctype html><title>Sign in</title><p>Your code: <code>first-hour-${searchParams.get("request_uri")}</code>`;
      response.writeHead(200, { "content-type": "text/html" }).end(page);
    } else {
      const tokens = pathname === "/oauth/token" ? await token(form) : null;
      response.writeHead(tokens === null ? 400 : 200).end(JSON.stringify(tokens ?? { error: "invalid_grant" }));
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    given: () => given,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
