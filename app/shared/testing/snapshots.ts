/** For tests: snapshots to look at, and text of others. */
import fc from "fast-check";
import type { Login, Snapshot } from "../login/snapshot.ts";

const HOUR = 3_600_000;
/** Noon, local time, whatever the time zone. */
export const NOON = new Date(2026, 10, 23, 12, 0, 0).getTime();

export function loginOf(id: string, change: Partial<Login> = {}): Login {
  return {
    id,
    provider: id.split("/")[0] ?? id,
    label: id,
    state: "healthy",
    reason: null,
    accessExpiresAt: NOON + 8 * HOUR,
    loginEndsAt: null,
    nextRefreshAt: NOON + 6 * HOUR,
    lastRefresh: null,
    lastPing: null,
    sharedWith: null,
    ...change,
  };
}

export function snapshotOf(logins: readonly Login[], file: Partial<Snapshot["file"]> = {}): Snapshot {
  return {
    version: 1,
    generatedAt: NOON,
    keeper: { running: false, pid: null, since: null },
    file: { path: "/home/ann/.local/share/opencode/auth.json", format: "flat", problem: null, ...file },
    accounts: [...logins],
  };
}

/** Any text at all, half pairs included; what a terminal would obey comes up often. */
export function anyText(maxLength = 40): fc.Arbitrary<string> {
  const code = fc.oneof(
    fc.integer({ min: 0, max: 0x10_ffff }),
    fc.integer({ min: 0, max: 0xff }),
    fc.constantFrom(0x1b, 0x9b, 0x07, 0x0a, 0x200d, 0x202e, 0x2028, 0x1f525, 0xd83d, 0x0301, 0xfe0f),
  );
  return fc.array(code, { maxLength }).map((codes) => String.fromCodePoint(...codes));
}
