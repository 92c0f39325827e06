import { useId, useState } from "preact/hooks";
import { type Coverage, type Mark, type Moment, momentAt, momentsOf } from "../../shared/view/coverage.ts";
import { visible } from "../../shared/words/visible.ts";
import { momentText, STORY } from "../../shared/words/window/story.ts";
import { hourLabels } from "./hours.ts";
import { DRAWINGS } from "./marks.tsx";

interface StripProps {
  /** For ids on the page. */
  readonly at: string;
  readonly about: string;
  readonly coverage: Coverage;
}

/** So near (px) a mark is pointed at. */
const NEAR = 6;

/** The last day and the next hours as a band: how high it is says whether a keeper ran, its filling how the access was. */
export function Strip({ at, about, coverage }: StripProps) {
  const { from, now, until, stretches, marks } = coverage;
  const hatch = useId();
  const [stop, setStop] = useState<number | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const stops = momentsOf(coverage);
  const chosen = nearest(stops, stop ?? now);
  const shown: Moment = pointed === null ? (stops[chosen] ?? momentAt(coverage, now)) : momentAt(coverage, pointed);
  const text = visible(momentText(shown, coverage));
  const x = (time: number) => `${(((time - from) / (until - from)) * 100).toFixed(3)}%`;
  const width = (a: number, b: number) => `${(((b - a) / (until - from)) * 100).toFixed(3)}%`;

  const step = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const place = placeOf(event.key, chosen, stops.length - 1);
    if (place === null) return;
    event.preventDefault();
    setPointed(null);
    setStop(stops[place]?.at === now ? null : (stops[place]?.at ?? null));
  };
  const point = ({ currentTarget, clientX }: PointerEvent) => {
    if (!(currentTarget instanceof Element)) return;
    const box = currentTarget.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    const time = Math.round(from + part * (until - from));
    const near = markNear(marks, time, (NEAR / box.width) * (until - from));
    setPointed(near?.at ?? time);
  };

  return (
    <div class="coverage">
      <div
        class="strip"
        role="slider"
        tabIndex={0}
        aria-label={`${STORY.strip}: ${about}`}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={stops.length - 1}
        aria-valuenow={chosen}
        aria-valuetext={visible(momentText(stops[chosen] ?? shown, coverage))}
        onKeyDown={step}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => setPointed(null)}
        onBlur={() => setStop(null)}
      >
        <svg width="100%" height="64" aria-hidden="true" focusable="false">
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="2" height="6" class="hatch" />
          </pattern>
          {hourLabels(from, until, now).map(({ at: hour, text: label, isMain }) => (
            <g key={hour} class={isMain ? "hour" : "hour minor"}>
              <line x1={x(hour)} x2={x(hour)} y1="14" y2="46" />
              <text x={x(hour)} y="60" text-anchor="middle">
                {label}
              </text>
            </g>
          ))}
          {stretches.map((stretch) => (
            <g key={stretch.from} class={`stretch ${stretch.kind}`}>
              {stretch.kind === "expired" && (
                <rect
                  x={x(stretch.from)}
                  width={width(stretch.from, stretch.until)}
                  y="16"
                  height="18"
                  fill={`url(#${hatch})`}
                />
              )}
              <rect
                class="body"
                x={x(stretch.from)}
                width={width(stretch.from, stretch.until)}
                y={BAND[stretch.kind].y}
                height={BAND[stretch.kind].height}
              />
            </g>
          ))}
          {marks.map((mark) => (
            <svg key={`${mark.kind} ${mark.at}`} class={`event ${mark.kind}`} x={x(mark.at)} overflow="visible">
              {DRAWINGS[mark.kind]}
            </svg>
          ))}
          <g class="present">
            <line x1={x(now)} x2={x(now)} y1="2" y2="48" />
            <text x={x(now)} y="60" text-anchor="middle">
              {STORY.now}
            </text>
          </g>
          {shown.at !== now && <line class="pointer" x1={x(shown.at)} x2={x(shown.at)} y1="0" y2="48" />}
        </svg>
      </div>
      <p id={`${at}-moment`} class="moment">
        {text}
      </p>
    </div>
  );
}

/** How high the band stands, px. */
const BAND = {
  valid: { y: 16, height: 18 },
  ahead: { y: 16, height: 18 },
  expired: { y: 16, height: 18 },
  validOff: { y: 28, height: 6 },
  off: { y: 31, height: 3 },
  notKnown: { y: 33, height: 1 },
} as const;

function placeOf(key: string, place: number, last: number): number | null {
  switch (key) {
    case "ArrowLeft":
      return Math.max(place - 1, 0);
    case "ArrowRight":
      return Math.min(place + 1, last);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

function nearest(stops: readonly Moment[], time: number): number {
  return stops.reduce((best, { at }, place) => {
    const known = stops[best];
    return known !== undefined && Math.abs(known.at - time) <= Math.abs(at - time) ? best : place;
  }, 0);
}

/** @returns the mark that is meant: there are so many pings that whatever else is near goes before them. */
function markNear(marks: readonly Mark[], time: number, within: number): Mark | null {
  const far = ({ at }: Mark) => Math.abs(at - time);
  const near = marks.filter((mark) => far(mark) <= within);
  const rare = near.filter(({ kind }) => kind !== "pinged" && kind !== "pingFailed");
  const [meant] = (rare.length > 0 ? rare : near).toSorted((a, b) => far(a) - far(b));
  return meant ?? null;
}
