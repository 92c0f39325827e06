import { readText } from "../../ports/durable.ts";
import type { RunListener } from "../api.ts";
import type { EngineContext } from "../context.ts";
import { PATHS } from "../notes/paths.ts";
import { parseStatus } from "./publish.ts";
import { lastSignOf } from "./running-notes.ts";
import { livingKeeper } from "./status.ts";

const VIEW_MS = 1_000;

/** The viewer: passes on what the keeper publishes. @returns when that one last showed life (wall ms); null = not known. */
export async function showKeeper(
  context: EngineContext,
  listener: RunListener,
  signal: AbortSignal,
): Promise<number | null> {
  listener.onRole({ name: "viewer", keeperPid: (await livingKeeper(context))?.pid ?? null });
  let shown: string | null = null;
  let lastSeen: number | null = null;
  while (!signal.aborted) {
    const text = await readText(context.files, PATHS.fileStatus(context.folder)).catch(() => null);
    const snapshot = text === null || text === shown ? null : parseStatus(text);
    if (snapshot !== null) listener.onSnapshot(snapshot);
    shown = text;
    lastSeen = (await lastSignOf(context)) ?? lastSeen;
    await context.clock.sleep(VIEW_MS, signal);
  }
  return lastSeen;
}
