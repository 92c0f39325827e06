/** A shape for each mark on the strip, around x = 0: what concerns the login stands above the band, pings below it. */
import type { JSX } from "preact";
import type { Mark } from "../../shared/view/coverage.ts";

const STEM = <path d="M0 11V34" class="stem" />;

export const DRAWINGS: Readonly<Record<Mark["kind"], JSX.Element>> = {
  refreshed: (
    <>
      {STEM}
      <circle cy="7" r="4" class="head" />
    </>
  ),
  adopted: (
    <>
      {STEM}
      <path d="M0 2L5 7L0 12L-5 7Z" class="head" />
    </>
  ),
  next: (
    <>
      {STEM}
      <circle cy="7" r="3.5" class="ring" />
    </>
  ),
  failed: <path d="M-3.5 3.5L3.5 10.5M3.5 3.5L-3.5 10.5" class="cross" />,
  ended: (
    <>
      {STEM}
      <path d="M0 1L6 12H-6Z" class="head" />
    </>
  ),
  gone: (
    <>
      {STEM}
      <path d="M-4.5 3H4.5V12H-4.5Z" class="head" />
    </>
  ),
  pinged: <path d="M0 38V43" class="tick" />,
  pingFailed: <path d="M-2.5 38L2.5 43M2.5 38L-2.5 43" class="cross" />,
};
