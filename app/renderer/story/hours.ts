import { moment } from "../../shared/words/times.ts";

const HOUR = 3_600_000;
const EVERY = 6;

export interface HourLabel {
  readonly at: number;
  readonly text: string;
  /** The others make way where there is little room. */
  readonly isMain: boolean;
}

/** @returns the full hours that are written under a strip, local time: 0, 6, 12 and 18, none near an end or the present. */
export function hourLabels(from: number, until: number, now: number): readonly HourLabel[] {
  const first = new Date(from);
  first.setHours(first.getHours() + 1, 0, 0, 0);
  const count = Math.ceil((until - first.getTime()) / HOUR);
  return Array.from({ length: Math.max(count, 0) }, (_, hours) => first.getTime() + hours * HOUR)
    .filter((at) => new Date(at).getHours() % EVERY === 0)
    .filter((at) => at - from >= HOUR && until - at >= HOUR && Math.abs(at - now) >= 2 * HOUR)
    .map((at) => ({ at, text: moment(at, at), isMain: new Date(at).getHours() % (2 * EVERY) === 0 }));
}
