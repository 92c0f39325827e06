import { pathToFileURL } from "node:url";
import type { App, Session } from "electron";

/**
 * Denial by default: whatever a page of ours might try, it can only show itself. To be called before any session is made.
 * @param folder of our page, absolute; the only thing that may be loaded.
 */
export function denyEverything(app: Pick<App, "on">, folder: string): void {
  app.on("session-created", (session) => closeSession(session, folder));
  app.on("web-contents-created", (_event, contents) => {
    // WebRTC would send packets that no request handler and no policy of the page sees.
    contents.setWebRTCIPHandlingPolicy("disable_non_proxied_udp");
    contents.setWindowOpenHandler(() => ({ action: "deny" }));
    contents.on("will-navigate", (event) => event.preventDefault());
    contents.on("will-redirect", (event) => event.preventDefault());
    contents.on("will-attach-webview", (event) => event.preventDefault());
  });
}

/** No permission, no device, no download, and no request but for the files of our page. */
function closeSession(session: Session, folder: string): void {
  const ours = `${pathToFileURL(folder).href}/`;
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on("will-download", (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !isAllowed(details.url, ours) }));
}

/** @param ours a folder as a file URL with a slash at its end. */
export function isAllowed(url: string, ours: string): boolean {
  try {
    return new URL(url).href.startsWith(ours) || url.startsWith("devtools://");
  } catch {
    return false;
  }
}
