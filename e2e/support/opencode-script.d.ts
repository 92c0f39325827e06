/** What the tests use of the script that fetches the real opencode; plain JavaScript has no types for them. */
declare module "*/scripts/opencode.mjs" {
  /** @returns the path of the binary, or null when it has not been fetched; asks no network. */
  export function cachedOpencode(): Promise<string | null>;
}
