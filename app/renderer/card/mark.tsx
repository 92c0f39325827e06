/** A shape for each weight of a state, so that it never hangs on its colour. */
import type { JSX } from "preact";
import { weightOf } from "../../shared/login/rules.ts";
import type { Login } from "../../shared/login/snapshot.ts";

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

export function Flame() {
  return (
    <svg class="flame" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M12.6 1.5c.6 3.6 6.2 6.6 6.2 12.6A6.8 6.8 0 0 1 12 21.5a6.8 6.8 0 0 1-6.8-7.2c0-3.2 2-5.2 3.3-7.3.5 1.3 1.1 2 1.9 2.6.1-3.2.6-5.7 2.2-8.1z" />
    </svg>
  );
}
