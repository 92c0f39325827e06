import type { View } from "./view.ts";

/** @returns what is said of the provider of a login; of one that we do not know, and of `ALL`, of the first one. */
export function providerOf({ providers }: Pick<View, "providers">, provider: string): View["providers"][number] | null {
  return providers.find(({ id }) => id === provider) ?? providers[0] ?? null;
}

/**
 * @param provider of a login, or `ALL`.
 * @returns the command that signs in again; of a provider that we do not know it is the first one's. null = not known yet.
 */
export function signInHint(view: Pick<View, "providers">, provider: string): string | null {
  return providerOf(view, provider)?.signInHint ?? null;
}
