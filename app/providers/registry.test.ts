import { describe, expect, it } from "vitest";
import { UserError } from "../shared/data/errors.ts";
import { validateEndpoint } from "./endpoints.ts";
import { createProviders, type EndpointChoice, endpointsInUse, providerIds, REGISTRY } from "./registry.ts";

const create = (endpoints: ReadonlyMap<string, EndpointChoice> = new Map()) =>
  createProviders({ endpoints, pingModel: () => undefined });

describe("the registry", () => {
  it("knows each provider under its own id", () => {
    const providers = create();
    expect([...providers.keys()]).toEqual(providerIds());
    expect(endpointsInUse(new Map()).map(({ provider }) => provider)).toEqual(providerIds());
    expect(new Set(providerIds()).size).toBe(REGISTRY.length);
    for (const [id, provider] of providers) expect(provider.id).toBe(id);
  });

  it("uses the provider's endpoints unless others are named", () => {
    const anthropic = create().get("anthropic");
    expect(anthropic?.refreshRequest("r").url).toBe("https://platform.claude.com/v1/oauth/token");
    expect(anthropic?.pingRequest("message", "a")?.url).toBe("https://api.anthropic.com/v1/messages");
  });

  it("takes each endpoint on its own", () => {
    const apiUrl = "http://127.0.0.1:4010/";
    const anthropic = create(new Map([["anthropic", { apiUrl, encoding: "form" as const }]])).get("anthropic");
    expect(anthropic?.refreshRequest("r").url).toBe("https://platform.claude.com/v1/oauth/token");
    expect(anthropic?.refreshRequest("r").headers["content-type"]).toContain("form");
    expect(anthropic?.pingRequest("profile", "a")?.url).toBe("http://127.0.0.1:4010/api/oauth/profile");
  });

  it("asks at each ping what the user chose for this provider", () => {
    let model: string | undefined;
    const pingModel = (id: string) => (id === "anthropic" ? model : "another's");
    const anthropic = createProviders({ endpoints: new Map(), pingModel }).get("anthropic");
    const standard = anthropic?.pingTarget();
    model = "chosen";
    expect(anthropic?.pingTarget()).toBe("chosen");
    expect(standard).not.toBe("chosen");
  });

  it("refuses to be built with an endpoint that must get no token", () => {
    const build = () => create(new Map([["anthropic", { tokenUrl: "http://tokens.example/" }]]));
    expect(build).toThrow(UserError);
    expect(build).toThrow(/token URL of anthropic cannot be used: it must begin with https/);
  });

  it("refuses endpoints of a provider that it does not know", () => {
    expect(() => create(new Map([["antropic", {}]]))).toThrow(
      'No provider "antropic" is known here. Known: anthropic.',
    );
  });
});

describe("an endpoint", () => {
  it.each([
    "https://tokens.example/v1/oauth/token",
    "https://tokens.example/token?tenant=1",
    "http://127.0.0.1:8080/token",
    "http://127.255.0.9/token",
    "http://127.1:80/token",
    "http://[::1]:8080/token",
    "http://localhost/token",
    "HTTP://LocalHost/token",
  ])("may be %s", (url) => {
    expect(validateEndpoint(url)).toEqual({ ok: new URL(url).href });
  });

  it.each([
    ["http://tokens.example/token", /https/],
    ["http://10.0.0.1/", /https/],
    ["http://128.0.0.1/", /https/],
    ["http://0.0.0.0/", /https/],
    ["http://127.0.0.1.example/", /https/],
    ["http://localhost.example/", /https/],
    ["http://[::2]/", /https/],
    ["ftp://127.0.0.1/", /https/],
    ["file:///etc/passwd", /https/],
    ["javascript:alert(1)", /https/],
    ["https://user:planted@tokens.example/", /user name/],
    ["https://user@tokens.example/", /user name/],
    ["https://tokens.example/#x", /#/],
    [" https://tokens.example/", /not a URL/],
    ["https://tokens.example/\n", /not a URL/],
    ["tokens.example", /not a URL/],
    ["https://", /not a URL/],
    ["", /not a URL/],
  ])("may not be %j", (url, problem) => {
    const result = validateEndpoint(url);
    expect("problem" in result ? result.problem : "").toMatch(problem);
    expect(JSON.stringify(result)).not.toContain("planted");
  });

  it("that is a base loses the slashes at its end and can have no query", () => {
    expect(validateEndpoint("https://gate.example/anthropic//", "api")).toEqual({
      ok: "https://gate.example/anthropic",
    });
    expect(validateEndpoint("https://gate.example", "api")).toEqual({ ok: "https://gate.example" });
    expect(validateEndpoint("https://gate.example/?a=b", "api")).toEqual({ problem: "a base URL cannot hold a ?" });
  });
});
