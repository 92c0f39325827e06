import type { View } from "./view.ts";

/**
 * @param provider of a login, or `ALL`.
 * @returns the command that signs in again; of a provider that we do not know it is the first one's. null = not known yet.
 */
export function signInHint({ providers }: Pick<View, "providers">, provider: string): string | null {
  return (providers.find(({ id }) => id === provider) ?? providers[0])?.signInHint ?? null;
}
