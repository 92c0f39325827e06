/** Secrets that are planted so that a leak is found, and what is done with a login beside them. */
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import type { CliHome } from "../cli.ts";
import type { TrayClient } from "../desktop/tray-client.ts";
import { expired, oauthEntry } from "../entries.ts";
import type { IssuedPair } from "../server/token-authority.ts";
import type { TokenServer } from "../server/token-server.ts";
import { until } from "../wait.ts";
import { page, quoting } from "./quoting.ts";

/** Everything that a person may ask for once a login was refreshed; the most telling first. */
export const LINES: readonly string[] = [
  "status",
  "status --json",
  "doctor",
  "doctor --json",
  "ping anthropic --ping message",
  "history anthropic --json",
  "accounts",
  "accounts --json",
  "ping anthropic --ping profile --json",
  "ping --all",
  "refresh --all --json",
  "run --once",
  "run --once --json",
  "pause anthropic",
  "resume --all",
  "allow anthropic",
  "disallow anthropic",
  "history",
  "forget anthropic",
  "settings",
  "settings --json",
  "logs",
  "logs --json",
  "refresh nobody",
];
/** The token server puts this word into each token, the tests into every other secret. */
export const MARK = "planted";

/** Makes the secret of this name; it holds the mark. */
export type Secret = (what: string) => string;

/** Puts a login that is due into the file, beside all that others may keep there, for everybody to read. */
export async function plant(home: CliHome, server: TokenServer, secret: Secret): Promise<IssuedPair> {
  const login = await server.issue();
  await home.putEntries({
    anthropic: oauthEntry(expired(login)),
    openai: { type: "oauth", refresh: secret("theirs"), access: secret("their-access"), expires: 4_000_000_000_000 },
    broken: { type: "oauth", refresh: 7, access: secret("out-of-shape"), expires: secret("no-number") },
    groq: { type: "api", key: secret("gsk") },
    odd: { type: secret("type"), token: secret("token") },
  });
  await chmod(home.authFile, 0o644);
  return login;
}

/** What Claude Code keeps in the same home. */
export async function plantClaude({ home }: CliHome, secret: Secret): Promise<void> {
  await mkdir(join(home, ".claude"));
  const claude = { claudeAiOauth: { accessToken: secret("claude"), refreshToken: secret("claude-refresh") } };
  await writeFile(join(home, ".claude", ".credentials.json"), JSON.stringify(claude));
}

/** Resolves once a keeper has refreshed the login "anthropic". */
export async function keeperRefreshed(home: CliHome): Promise<void> {
  await until("the keeper has refreshed", async () => {
    const ours = (await home.published())?.accounts.find(({ id }) => id === "anthropic");
    return ours?.lastRefresh?.outcome === "refreshed";
  });
}

/** Pings of both kinds, each answered in words that quote the access token, in the body and in each header one may look at. */
export async function quotingPings(
  home: CliHome,
  server: TokenServer,
  ping: (...args: readonly string[]) => Promise<unknown>,
): Promise<void> {
  const access = (await home.pair())?.access ?? "";
  const headers = { "www-authenticate": `Bearer error="${access}"`, "request-id": access, "x-request-id": access };
  for (const status of [401, 429, 500, 403]) {
    const body = { error: { type: access, message: `no ${access}` } };
    await server.script("message", quoting(status, body, headers));
    await server.script("profile", page(status, access));
    await ping("ping", "anthropic", "--ping", "message");
    await ping("ping", "anthropic", "--ping", "profile", "--json");
  }
}

export interface WindowScene {
  readonly page: Page;
  readonly home: CliHome;
  readonly server: TokenServer;
}

/** Refreshes and pings a login by the window's buttons. @returns its new pair. */
export async function refreshAndPing({ page: window, home, server }: WindowScene, login: IssuedPair) {
  await window.getByRole("button", { name: /^Refresh now/ }).click();
  await until("it was refreshed", async () => (await home.pair())?.refresh !== login.refresh);
  const fresh = await home.pair();
  await window.getByText("Refreshed.").waitFor();
  await window.getByRole("button", { name: /^Ping now/ }).click();
  await server.seen("message", 1);
  return fresh;
}

/** The provider ends this login, which stands in the file then; resolves once window and tray say to sign in again. */
export async function endLogin(
  { page: window, home, server }: WindowScene,
  tray: Pick<TrayClient, "menuShows">,
  login: IssuedPair,
): Promise<void> {
  await server.revoke(login.refresh);
  await home.putEntries({ anthropic: oauthEntry(expired(login)) });
  const signIn = window.getByText(/sign in again/i).first();
  await signIn.waitFor({ timeout: 30_000 });
  await tray.menuShows("it, too", (menu) => menu.some(({ label }) => label.includes("sign in again")));
}
