/** Where a provider is reached, and how its token request is written. */
export interface Endpoints {
  /** A whole endpoint. */
  readonly tokenUrl: string;
  /** A base, to which paths are appended. */
  readonly apiUrl: string;
  readonly encoding: "json" | "form";
}

/** "token": a whole endpoint. "api": a base, so it can carry no query. */
export type EndpointKind = "token" | "api";

/**
 * Tokens are sent there, so it must be https, or http on this machine, with no user name or password in it.
 * @returns the URL as it is used, or what is wrong as a few words for people (never quoting the URL, which may hold a secret).
 */
export function validateEndpoint(
  url: string,
  kind: EndpointKind = "token",
): { readonly ok: string } | { readonly problem: string } {
  const parsed = parse(url);
  if (parsed === null || /\s/.test(url)) return { problem: "it is not a URL" };
  if (parsed.username !== "" || parsed.password !== "") return { problem: "it holds a user name or a password" };
  if (parsed.protocol !== "https:" && !(parsed.protocol === "http:" && isLoopback(parsed.hostname))) {
    return { problem: "it must begin with https:// (http:// is for this machine only: 127.0.0.1, ::1 or localhost)" };
  }
  if (parsed.hash !== "") return { problem: "it holds a #" };
  if (kind === "token") return { ok: parsed.href };
  if (parsed.search !== "") return { problem: "a base URL cannot hold a ?" };
  return { ok: parsed.href.replace(/\/+$/, "") };
}

function parse(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** The URL parser has already written every spelling of an IPv4 address as four numbers. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
