import type { Provider, Providers } from "../ports/provider.ts";
import { UserError } from "../shared/errors.ts";
import { type AnthropicConfig, createAnthropic } from "./anthropic.ts";
import { type EndpointKind, type Endpoints, validateEndpoint } from "./endpoints.ts";

export { type EndpointKind, type Endpoints, validateEndpoint } from "./endpoints.ts";

/** What a user may change of a provider; absent = the default. */
export type EndpointChoice = { readonly [K in keyof Endpoints]?: Endpoints[K] | undefined };

/** Every provider that we have an adapter for, with where it answers. Adding one = one file + one entry here and below. */
export const DEFAULT_ENDPOINTS = {
  anthropic: {
    tokenUrl: "https://platform.claude.com/v1/oauth/token",
    apiUrl: "https://api.anthropic.com",
    encoding: "json",
  },
} as const satisfies Readonly<Record<string, Endpoints>>;

export type ProviderId = keyof typeof DEFAULT_ENDPOINTS;

const ADAPTERS: Readonly<Record<ProviderId, (config: AnthropicConfig) => Provider>> = {
  anthropic: createAnthropic,
};

/**
 * @param choices where a provider answers, by its id.
 * @param model of a message ping, asked at each.
 * @returns every provider that we can refresh.
 * @throws UserError (2) for an endpoint to which no token may be sent, or a choice for a provider that we do not know.
 */
export function createProviders(choices: ReadonlyMap<string, EndpointChoice>, model: () => string): Providers {
  const ids = providerIds();
  for (const id of choices.keys()) {
    if (!ids.some((known) => known === id)) {
      throw new UserError(`No provider "${id}" is known here. Known: ${ids.join(", ")}.`, 2);
    }
  }
  return new Map(ids.map((id) => [id, ADAPTERS[id]({ ...endpointsOf(id, choices.get(id)), model })]));
}

/** @returns the ids of all providers that we have an adapter for. */
export function providerIds(): readonly ProviderId[] {
  return ["anthropic"];
}

/** @returns where each provider answers, with the defaults in place of what was not chosen. @throws UserError (2) */
export function endpointsInUse(
  choices: ReadonlyMap<string, EndpointChoice>,
): readonly (Endpoints & { readonly provider: ProviderId })[] {
  return providerIds().map((provider) => ({ provider, ...endpointsOf(provider, choices.get(provider)) }));
}

function endpointsOf(id: ProviderId, choice: EndpointChoice = {}): Endpoints {
  const standard = DEFAULT_ENDPOINTS[id];
  return {
    tokenUrl: usable(id, "token", choice.tokenUrl ?? standard.tokenUrl),
    apiUrl: usable(id, "api", choice.apiUrl ?? standard.apiUrl),
    encoding: choice.encoding ?? standard.encoding,
  };
}

/** Asked again here, whatever the roots checked: a token must never leave for a place that may not have it. */
function usable(id: string, kind: EndpointKind, url: string): string {
  const result = validateEndpoint(url, kind);
  if ("ok" in result) return result.ok;
  throw new UserError(`The ${kind} URL of ${id} cannot be used: ${result.problem}.`, 2);
}
