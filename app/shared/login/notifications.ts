/** What Pilot Light speaks up about, by kind: each can be switched off (`notifications` in the settings). */
export const NOTIFICATION_KINDS = [
  "signIn",
  "decision",
  "deadline",
  "failing",
  "files",
  "pings",
  "unexpected",
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];
