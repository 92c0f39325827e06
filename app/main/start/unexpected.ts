/**
 * An error that nobody expected neither ends the app nor opens Electron's own dialog, which would show the error's text: an
 * error of the HTTP library holds the request, and so a token. A later call takes the place of an earlier one.
 */
export function takeUnexpected(onError: (error: unknown) => void): void {
  for (const name of ["uncaughtException", "unhandledRejection"] as const) {
    process.removeAllListeners(name);
    process.on(name, onError);
  }
}
