/** What the tests use of the script that finds an Electron; plain JavaScript has no types for them. */
declare module "*/scripts/electron.mjs" {
  /** @returns the Electron that was found before, or why there is none; asks no network. */
  export function cachedElectron(): Promise<
    | {
        readonly path: string;
        readonly dist: string;
        readonly version: string;
        readonly kind: "override" | "official" | "fallback";
        readonly why: string;
      }
    | { readonly path: null; readonly why: string }
  >;
}
