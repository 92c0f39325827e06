const HOUR_MS = 3_600_000;
const MORNING = 8;

/** The ways to pause pings, as tray and window offer them, in this order. */
export const PAUSES = [
  { name: "hour", forMs: () => HOUR_MS },
  { name: "tomorrow", forMs: untilMorning },
  { name: "resumed", forMs: () => null },
] as const satisfies readonly Pause[];

/** One way to pause pings. */
interface Pause {
  /** What a menu entry carries, since places in a list may change while the menu is open. */
  readonly name: string;
  /** @param now ms, of the click. @returns how long (ms); null = until resumed. */
  readonly forMs: (now: number) => number | null;
}

export type PauseName = (typeof PAUSES)[number]["name"];

/**
 * @param now ms, of the click.
 * @returns how long this pause lasts (ms); null = until resumed.
 * @throws for a name that there is not: what nobody chose must not pause anything for ever.
 */
export function pauseMs(name: PauseName, now: number): number | null {
  const pause = PAUSES.find((each) => each.name === name);
  if (pause === undefined) throw new Error("there is no such pause");
  return pause.forMs(now);
}

/** Until 8 in the morning of the next day, local time. */
function untilMorning(now: number): number {
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  morning.setHours(MORNING, 0, 0, 0);
  return morning.getTime() - now;
}
