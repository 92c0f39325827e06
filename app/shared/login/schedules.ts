/** When a login is refreshed: "lead": ahead of the expiry, by a share of the token's life; "classic": 10 min before it. */
export const SCHEDULES = ["lead", "classic"] as const;
export type Schedule = (typeof SCHEDULES)[number];
