/** A notification service on the session bus of a test, which notes what it is asked to show. */
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { until } from "../wait.ts";
import { type Environment, startOwn } from "./process.ts";
import { findPython } from "./tray-client.ts";

const SERVICE = fileURLToPath(new URL("./notification-service.py", import.meta.url));

const seenSchema = v.object({
  id: v.number(),
  app: v.string(),
  title: v.string(),
  body: v.string(),
  actions: v.array(v.string()),
  /** When the service was asked for it; wall ms. */
  at: v.number(),
});
export type SeenNotification = v.InferOutput<typeof seenSchema>;

export interface Notifications {
  /** All so far, in their order. */
  seen(): readonly SeenNotification[];
  /** Resolves with the first of this title. @throws after `withinMs`. */
  shown(title: string, withinMs?: number): Promise<SeenNotification>;
  click(notification: SeenNotification): void;
  close(): Promise<void>;
}

/** Starts it in the session of `env`; resolves when it can be reached. */
export async function startNotifications(env: Environment): Promise<Notifications> {
  const service = await startOwn(await findPython(), [SERVICE], env, { input: true });
  const all: SeenNotification[] = [];
  let ready = false;
  createInterface({ input: service.output }).on("line", (line) => {
    const message: unknown = JSON.parse(line);
    const seen = v.safeParse(seenSchema, message);
    if (seen.success) all.push(seen.output);
    else ready = true;
  });
  await until("the notification service is there", () => ready);
  return {
    seen: () => all,
    shown: (title, withinMs = 30_000) =>
      until(`a notification "${title}"`, () => all.find((each) => each.title === title), withinMs),
    click: ({ id }) => void service.child.stdin?.write(`${id}\n`),
    close: () => service.end(),
  };
}
