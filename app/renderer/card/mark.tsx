/** A shape for each weight of a state, so that it never hangs on its colour. */
import type { JSX } from "preact";
import type { Degree } from "../../shared/login/need.ts";
import { weightOf } from "../../shared/login/rules.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import { DEGREE_WORDS } from "../../shared/words/status.ts";
import { FLAME, SHAPES } from "./flames.ts";

export type Shape = "well" | "working" | "paused" | "waiting" | "needsYou" | "unreadable" | "leftAlone";

export function shapeOf(login: Pick<Login, "state" | "reasonKind">): Shape {
  if (login.state === "unmanaged") return "leftAlone";
  if (login.state === "refreshing") return "working";
  return weightOf(login);
}

const DRAWINGS: Readonly<Record<Shape, JSX.Element>> = {
  well: <circle cx="8" cy="8" r="5.5" class="filled" />,
  working: <path d="M8 2.5a5.5 5.5 0 1 1-5.5 5.5" class="line" />,
  paused: <path d="M4 3h3v10H4zM9 3h3v10H9z" class="filled" />,
  waiting: <path d="M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 5v3.3l2.2 1.5" class="line" />,
  needsYou: <path d="M8 1.8 15 14H1zM7.2 6v4h1.6V6zM7.2 11v1.6h1.6V11z" class="filled cut" />,
  unreadable: <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" class="line" />,
  leftAlone: <circle cx="8" cy="8" r="5" class="line" />,
};

interface MarkProps {
  readonly shape: Shape;
}

/** The words beside it say the same, so a screen reader is spared the drawing. */
export function Mark({ shape }: MarkProps) {
  return (
    <svg class={`mark ${shape}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {DRAWINGS[shape]}
    </svg>
  );
}

interface FlameProps {
  readonly degree: Degree;
}

/** How all logins are, in the same shape as in the tray. There is one on the page. */
export function Flame({ degree }: FlameProps) {
  const { cut, mark } = SHAPES[degree];
  return (
    <svg class={`flame ${degree}`} viewBox="0 0 64 64" role="img" aria-label={DEGREE_WORDS[degree]} focusable="false">
      <mask id="flame-cut" maskUnits="userSpaceOnUse" x="0" y="0" width="64" height="64">
        <path d="M0 0h64v64H0z" fill="#fff" />
        <path d={cut} fill="#000" />
      </mask>
      <path d={FLAME} mask="url(#flame-cut)" />
      <path d={mark} fill-rule="evenodd" class="beside" />
    </svg>
  );
}
