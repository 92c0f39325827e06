import type { Providers } from "../ports/provider.ts";
import { UserError } from "../shared/data/errors.ts";
import type { Adapter } from "./adapter.ts";
import { anthropic } from "./anthropic.ts";
import { type EndpointKind, type Endpoints, validateEndpoint } from "./endpoints.ts";

export type Registry = readonly [Adapter, ...Adapter[]];

/** Every provider that we have an adapter for. Adding one = one file + one entry here. */
export const REGISTRY: Registry = [anthropic];

/** Who is meant where a flag or an old setting names no provider: the first. */
export const UNNAMED_PROVIDER = REGISTRY[0].id;

/** What a user may change of a provider; absent = the default. */
export type EndpointChoice = { readonly [K in keyof Endpoints]?: Endpoints[K] | undefined };

/** What the user chose, by provider id. */
export interface ProviderChoices {
  readonly endpoints: ReadonlyMap<string, EndpointChoice>;
  /** What message pings ask, as in `AdapterConfig`. */
  readonly pingModel: (id: string) => string | undefined;
}

/**
 * @returns every provider that we can refresh.
 * @throws UserError (2) for an endpoint to which no token may be sent, or a choice for a provider that we do not know.
 */
export function createProviders({ endpoints, pingModel }: ProviderChoices, registry: Registry = REGISTRY): Providers {
  const ids = registry.map(({ id }) => id);
  for (const id of endpoints.keys()) {
    if (!ids.includes(id)) throw new UserError(`No provider "${id}" is known here. Known: ${ids.join(", ")}.`, 2);
  }
  return new Map(
    registry.map((adapter) => {
      const { id, create } = adapter;
      return [id, create({ ...endpointsOf(adapter, endpoints.get(id)), pingModel: () => pingModel(id) })];
    }),
  );
}

/** @returns the ids of all providers that we have an adapter for. */
export function providerIds(): readonly string[] {
  return REGISTRY.map(({ id }) => id);
}

/** @returns where each provider answers, with the defaults in place of what was not chosen. @throws UserError (2) */
export function endpointsInUse(
  choices: ReadonlyMap<string, EndpointChoice>,
  registry: Registry = REGISTRY,
): readonly (Endpoints & { readonly provider: string })[] {
  return registry.map((adapter) => ({ provider: adapter.id, ...endpointsOf(adapter, choices.get(adapter.id)) }));
}

function endpointsOf({ id, endpoints: standard }: Adapter, choice: EndpointChoice = {}): Endpoints {
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
