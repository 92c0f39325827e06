import type { App } from "electron";

/** Was this Electron started without Chromium's sandbox? Only the development launcher does so, for root. */
export function isUnsandboxed(
  app: { readonly commandLine: Pick<App["commandLine"], "hasSwitch"> },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return app.commandLine.hasSwitch("no-sandbox") || Boolean(env["ELECTRON_DISABLE_SANDBOX"]);
}
