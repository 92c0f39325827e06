/** Signals ask the app to quit, and no longer kill: a token request that is under way must be heard out. */
export function takeSignals(onSignal: () => void): void {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // The writer below electron-store listens, too, and sends each signal a second time.
    process.removeAllListeners(name);
    process.on(name, onSignal);
  }
}
