/**
 * An error that nobody expected neither ends the app nor opens Electron's own dialog, which would show the error's text: an
 * error of the HTTP library holds the request, and so a token.
 */
export function takeUnexpected(onError: (error: unknown) => void): void {
  process.on("uncaughtException", onError);
  process.on("unhandledRejection", onError);
}
