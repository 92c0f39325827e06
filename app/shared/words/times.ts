/** Times in words, and how words begin; all times local, in 24 hours. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

const two = (value: number): string => String(value).padStart(2, "0");

/** What a `Date` can hold; a file may claim anything. */
function isDate(at: number): boolean {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15;
}

/** @returns "40 s", "12 min", "5 h 12 m", "2 d 4 h", "19 d"; never below "1 s". */
export function span(ms: number): string {
  if (ms < MINUTE) return `${Math.max(1, Math.floor(ms / SECOND))} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return joined(Math.floor(ms / HOUR), "h", Math.floor((ms % HOUR) / MINUTE), "m");
  if (ms < 3 * DAY) return joined(Math.floor(ms / DAY), "d", Math.floor((ms % DAY) / HOUR), "h");
  return ms < 10_000 * DAY ? `${Math.floor(ms / DAY)} d` : "many years";
}

/** @returns the same in one unit: "5 h" for "5 h 12 m". */
export function roughSpan(ms: number): string {
  if (ms < HOUR || ms >= 3 * DAY) return span(ms);
  return ms < DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`;
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** @returns "in 5 h 12 m", or "now". */
export function inTime(at: number, now: number): string {
  return at <= now ? "now" : `in ${span(at - now)}`;
}

/** @returns "2 min ago", or "just now". */
export function ago(at: number, now: number): string {
  return now - at < 2 * SECOND ? "just now" : `${span(now - at)} ago`;
}

/** @returns "21:40"; "Tue 21:40" within six days; "12 Dec"; "12 Dec 2027" in another year. */
export function moment(at: number, now: number): string {
  if (!isDate(at)) return "?";
  const date = new Date(at);
  const today = new Date(now);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === today.toDateString()) return clock;
  if (Math.abs(at - now) < 6 * DAY) return `${DAYS[date.getDay()] ?? ""} ${clock}`;
  const day = `${date.getDate()} ${MONTHS[date.getMonth()] ?? ""}`;
  return date.getFullYear() === today.getFullYear() ? day : `${day} ${date.getFullYear()}`;
}

/** @returns "21:40:07". */
export function clockSeconds(at: number): string {
  if (!isDate(at)) return "??:??:??";
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** @returns "2026-11-23 21:40:07". */
export function dateAndTime(at: number): string {
  if (!isDate(at)) return "????-??-?? ??:??:??";
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockSeconds(at)}`;
}

/** @returns the text with a capital at its beginning. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
