import type { Notification, NotificationConstructorOptions } from "electron";
import type { NotificationText } from "../../shared/words/notifications.ts";

export interface ShowDeps {
  /** Null where this system has no notifications at all. */
  readonly create: (options: NotificationConstructorOptions) => Pick<Notification, "on" | "once" | "show"> | null;
  readonly icon: string;
  readonly platform: NodeJS.Platform;
  /** Keeps it from the garbage collector, which would take its click with it. */
  readonly keep: Set<object>;
}

/** A service that says nothing for so long has not shown it. */
const ANSWER_MS = 10_000;

/** @returns what shows one notification, and says whether somebody showed it. */
export function notificationShower({ create, icon, platform, keep }: ShowDeps) {
  return ({ title, body }: NotificationText, onClick: () => void): Promise<boolean> =>
    new Promise((resolve) => {
      const notification = create({ title, body: platform === "linux" ? plainBody(body) : body, icon });
      if (notification === null) return resolve(false);
      keep.add(notification);
      const end = (shown: boolean) => {
        clearTimeout(timer);
        if (!shown) keep.delete(notification);
        resolve(shown);
      };
      const timer = setTimeout(() => end(false), ANSWER_MS);
      notification.once("show", () => end(true));
      notification.once("failed", () => end(false));
      notification.once("close", () => keep.delete(notification));
      notification.on("click", onClick);
      notification.show();
    });
}

/** On Linux a body is markup, and a name in it could be a link: https://specifications.freedesktop.org/notification-spec/ */
function plainBody(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
