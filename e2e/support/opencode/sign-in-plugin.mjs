// @ts-check
/**
 * A plugin for the real opencode in tests: a sign-in at a provider on this machine, by OAuth as such plugins do it, with a page
 * to open and a code to paste. The provider is `sign-in-door.ts`; where it is, the environment says.
 */
import { createHash, randomBytes } from "node:crypto";

const DOOR = process.env["PILOT_LIGHT_TEST_SIGN_IN"] ?? "http://127.0.0.1:9";

/**
 * @param {string} path
 * @param {Readonly<Record<string, string>>} members
 * @returns {Promise<ReadonlyMap<string, unknown> | null>} null when it was refused
 */
async function post(path, members) {
  const response = await fetch(`${DOOR}${path}`, { method: "POST", body: new URLSearchParams(members) });
  /** @type {unknown} */
  const answer = await response.json();
  return response.ok && typeof answer === "object" && answer !== null ? new Map(Object.entries(answer)) : null;
}

async function authorize() {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const pushed = await post("/oauth/par", { code_challenge: challenge, code_challenge_method: "S256" });
  return {
    url: `${DOOR}/oauth/authorize?request_uri=${String(pushed?.get("request_uri"))}`,
    instructions: "Paste the authorization code here: ",
    method: "code",
    /** @param {string} code */
    async callback(code) {
      const tokens = await post("/oauth/token", { grant_type: "authorization_code", code, code_verifier: verifier });
      if (tokens === null) return { type: "failed" };
      const expires = Date.now() + Number(tokens.get("expires_in")) * 1000;
      return { type: "success", refresh: tokens.get("refresh_token"), access: tokens.get("access_token"), expires };
    },
  };
}

export const SignIn = async () => ({
  auth: { provider: "anthropic", methods: [{ type: "oauth", label: "Claude Pro/Max", authorize }] },
});
