const HOUR_MS = 3_600_000;
const MORNING = 8;

/** One way to pause pings, as tray and window offer it. */
export interface PauseChoice {
  readonly label: string;
  /** How long (ms); null = until resumed. */
  readonly forMs: number | null;
}

/** @param now ms. @returns the ways to pause pings; "tomorrow" is 8 in the morning, local time. */
export function pauseChoices(now: number): readonly PauseChoice[] {
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  morning.setHours(MORNING, 0, 0, 0);
  return [
    { label: "for 1 hour", forMs: HOUR_MS },
    { label: "until tomorrow 8:00", forMs: morning.getTime() - now },
    { label: "until resumed", forMs: null },
  ];
}
