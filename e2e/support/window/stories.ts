/** What became of made-up logins, for the strip and the history: as main would tell it. */
import { storyOf } from "../../../app/main/window/story.ts";
import type { HistoryEvent, HistoryWhat } from "../../../app/shared/login/history.ts";
import type { Span } from "../../../app/shared/login/span.ts";
import type { Story } from "../../../app/shared/view/story.ts";
import { NOON } from "./views.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const event = (hours: number, what: HistoryWhat, by: HistoryEvent["by"] = "us"): HistoryEvent => ({
  at: NOON + hours * HOUR,
  id: "anthropic",
  by,
  what,
  fingerprint: null,
});
const refreshed = (hours: number): HistoryEvent =>
  event(hours, { kind: "refreshed", expiresAt: NOON + (hours + 8) * HOUR });
const span = (from: number, until: number | null): Span => ({
  from: NOON + from * HOUR,
  until: until === null ? null : NOON + until * HOUR,
});

/** One each 26 minutes while a keeper ran. */
function pings(spans: readonly Span[], failing: (at: number) => boolean = () => false): readonly HistoryEvent[] {
  return Array.from({ length: 55 }, (_, place) => -23.7 + (place * 26) / 60)
    .filter((hours) =>
      spans.some(({ from, until }) => from <= NOON + hours * HOUR && NOON + hours * HOUR < (until ?? NOON)),
    )
    .map((hours) => event(hours, { kind: "pinged", mode: "message", outcome: failing(hours) ? "unreachable" : "ok" }));
}

const sorted = (events: readonly HistoryEvent[]) => [...events].sort((a, b) => a.at - b.at);
const EARLIER = Array.from({ length: 60 }, (_, place) => refreshed(-24 * 20 + place * 7.7));

const NIGHT = [span(-40, -12.3), span(-4.9, null)];
/** A day with a night's sleep: an access that ends in it, and a refresh right after waking up. */
export const SLEPT: Story = storyOf(
  {
    events: sorted([...EARLIER, refreshed(-26.5), refreshed(-20.4), refreshed(-14), refreshed(-4.85), ...pings(NIGHT)]),
    spans: NIGHT,
  },
  NOON,
);

const OUTAGE = { kind: "noNetworkPath", host: "platform.claude.com" } as const;
const ALL_DAY = [span(-40, null)];
/** The network was away for longer than the access lasted. */
export const OUTAGE_DAY: Story = storyOf(
  {
    events: sorted([
      event(-200, { kind: "firstSeen" }, "another writer"),
      refreshed(-22),
      refreshed(-16),
      ...[-10, -9.8, -9.1, -8, -7, -6].map((hours) => event(hours, { kind: "notRefreshed", setback: OUTAGE })),
      refreshed(-5.2),
      ...pings(ALL_DAY, (hours) => hours > -10.2 && hours < -5.3),
    ]),
    spans: ALL_DAY,
  },
  NOON,
);

const EVENING = [span(-40, -13), span(-9.5, null)];
/** The provider no longer accepts it. */
export const ENDED_STORY: Story = storyOf(
  {
    events: sorted([
      ...EARLIER,
      refreshed(-23),
      refreshed(-17),
      event(-9.4, { kind: "ended", reason: "refused" }, "the provider"),
      ...pings([span(-40, -13)]),
    ]),
    spans: EVENING,
  },
  NOON,
);
