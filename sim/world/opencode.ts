/** What the neighbours do to the credential file: opencode as it really writes, people, backups, editors. */
import type { SimFiles } from "./files.ts";
import { AUTH } from "./process.ts";
import type { SimServer } from "./server.ts";
import type { Actor, SimTime } from "./time.ts";

export type Content = Record<string, unknown>;

export interface OauthEntry {
  readonly type: "oauth";
  readonly refresh: string;
  readonly access: string;
  readonly expires: number;
}

export function isOauth(value: unknown): value is OauthEntry {
  return typeof value === "object" && value !== null && "type" in value && value.type === "oauth" && "refresh" in value;
}

/** As opencode reads: any error is an empty store; entries that it does not understand are dropped. */
export function opencodeReads(text: string | null): Content {
  const parsed = tryParse(text ?? "");
  if (parsed === null) return {};
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => isKnown(value)));
}

function isKnown(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && "type" in value && (value.type === "oauth" || value.type === "api")
  );
}

export function tryParse(text: string): Content | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

export const pretty = (content: Content): string => JSON.stringify(content, null, 2);

export interface Neighbourhood {
  readonly time: SimTime;
  readonly disk: SimFiles;
  /** Is told each content that a neighbour is about to write. */
  readonly wrote: (content: Content) => void;
}

/**
 * One `Auth.set` or `Auth.remove`: reads the whole file, a moment later opens it without truncating, writes, cuts the tail.
 * @param change given what was read; null = it writes nothing after all.
 * @param gaps ms between the three steps; the first is about 2 in the real one.
 */
export function opencodeWrite(
  world: Neighbourhood,
  change: (content: Content) => Content | null,
  gaps: { readonly read: number; readonly open: number; readonly cut: number },
): void {
  const { time, disk } = world;
  const actor: Actor = { name: "opencode", alive: true, stoppedUntil: 0 };
  const content = change(opencodeReads(disk.readText(AUTH)));
  if (content === null) return;
  world.wrote(content);
  time.at(gaps.read, actor, () => {
    if (disk.readText(AUTH) === null) {
      disk.writeInPlace(AUTH, pretty(content));
      return;
    }
    const inode = disk.openInode(AUTH);
    time.at(gaps.open, actor, () => {
      inode.overwrite(pretty(content));
      time.at(gaps.cut, actor, () => inode.truncate(new TextEncoder().encode(pretty(content)).length));
    });
  });
}

/** opencode itself refreshes, as its plugins do: without a lock, after expiry. */
export function opencodeRefresh(world: Neighbourhood & { readonly server: SimServer }, id: string): void {
  const entry = opencodeReads(world.disk.readText(AUTH))[id];
  if (!isOauth(entry)) return;
  const pair = world.server.redeem(entry.refresh);
  if (pair === null) return;
  opencodeWrite(world, (content) => ({ ...content, [id]: { type: "oauth", ...pair } }), { read: 2, open: 0, cut: 0 });
}
