/** Answers that hold the token which was sent. */
import type { Behaviour } from "../server/token-script.ts";
import type { TokenServer } from "../server/token-server.ts";

/** Each answer quotes the token that was sent, as servers do: in words, the exit code of `refresh`, the answer. */
export const quotingAnswers: readonly [
  string,
  number,
  (token: string, server: Pick<TokenServer, "apiUrl">) => Behaviour,
][] = [
  ["invalid_grant", 1, (token) => quoting(400, { error: "invalid_grant", error_description: `${token} was revoked` })],
  ["invalid_client", 3, (token) => quoting(401, { error: "invalid_client", error_description: token })],
  ["a rate limit", 3, (token) => quoting(429, { error: { message: token } }, { "retry-after": token })],
  ["an error without a name", 3, (token) => quoting(400, { error: token })],
  ["a broken gateway", 3, (token) => page(502, token)],
  ["a page that says all is well", 3, (token) => page(200, token)],
  ["a way elsewhere", 3, (token, server) => quoting(302, {}, { location: `${server.apiUrl}/v1/messages?${token}` })],
  ["half an answer", 3, () => ({ kind: "cutInside" })],
  ["odd members", 0, (token) => ({ kind: "patched", members: { expires_in: token, scope: token, token_type: token } })],
  ["an account named like it", 0, (token) => ({ kind: "patched", members: { account: { uuid: token } } })],
];

export function quoting(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return { kind: "answer", status, headers, body: JSON.stringify(body) };
}

export function page(status: number, token: string): Behaviour {
  const headers = { "content-type": "text/html" };
  return { kind: "answer", status, headers, body: `<!doctype html><title>Oops</title><p>grant=${token}</p>` };
}
