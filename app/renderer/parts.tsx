/** Small parts that the whole page is made of. */
import type { ComponentChildren } from "preact";
import type { Answer } from "../shared/view/view.ts";
import { ago } from "../shared/words/times.ts";
import { visible } from "../shared/words/visible.ts";
import { PAGE, type Part } from "../shared/words/window.ts";

interface ButtonProps {
  readonly text: string;
  /** What it concerns, for those who hear the button without its surroundings. */
  readonly about?: string | undefined;
  readonly look?: "plain" | "primary" | "strong";
  /** Seen in place of the text, which is told to who points at it and to who hears it. */
  readonly icon?: ComponentChildren;
  /** The keys that do the same, as ARIA writes them. */
  readonly keys?: string;
  /** It cannot be pressed now; it can still be walked to, so that nobody loses the place. */
  readonly off?: boolean;
  /** Only for a button that opens something. */
  readonly open?: boolean | undefined;
  /** The id of what it opens. */
  readonly opens?: string | undefined;
  readonly onPress: (button: HTMLButtonElement) => void;
}

export function Button({ text, about, look = "plain", icon, keys, off = false, open, opens, onPress }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button ${icon === undefined ? look : "icon"}`}
      title={icon === undefined ? undefined : text}
      aria-label={about === undefined ? undefined : `${text}: ${about}`}
      aria-keyshortcuts={keys}
      aria-disabled={off ? "true" : undefined}
      aria-expanded={open}
      aria-controls={open === true ? opens : undefined}
      onClick={({ currentTarget }) => {
        if (!off) onPress(currentTarget);
      }}
    >
      {icon ?? text}
    </button>
  );
}

interface AnswerLineProps {
  readonly answer: Answer | null;
  readonly busy: boolean;
  readonly now: number;
  /** It is seen elsewhere, or no longer; it can still be heard. */
  readonly unseen?: boolean;
}

/** What came of the last command. Always there, though unseen: a screen reader announces only what changes in what it knew. */
export function AnswerLine({ answer, busy, now, unseen = false }: AnswerLineProps) {
  const text = busy ? PAGE.working : answer === null ? "" : visible(answer.sentence);
  return (
    <p class={text === "" || unseen ? "unseen" : "answer"}>
      <span role="status">{text}</span>
      {!busy && answer !== null && <span class="quiet"> {ago(answer.at, now)}</span>}
    </p>
  );
}

interface FactProps {
  readonly name: string;
  readonly children: ComponentChildren;
}

/** A name and what it stands for, inside a `dl`. */
export function Fact({ name, children }: FactProps) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface PiecesProps {
  readonly text: string;
}

/** A line that breaks between what belongs together first: "5 h 12 m" stays whole where there is room for it. */
export function Pieces({ text }: PiecesProps) {
  return text.split(/(?<=[,;·] )/).map((piece, at) => (
    <span class="piece" key={at}>
      {piece}
    </span>
  ));
}

interface SentenceProps {
  readonly parts: readonly Part[];
}

/** A sentence of which some parts are set apart. */
export function Sentence({ parts }: SentenceProps) {
  return parts.map((part, at) => {
    if (typeof part === "string") return visible(part);
    const Tag = part.as;
    return <Tag key={at}>{visible(part.text)}</Tag>;
  });
}

interface BannerProps {
  readonly kind: "note" | "alert";
  readonly children: ComponentChildren;
}

/** One thing to know about all of it. */
export function Banner({ kind, children }: BannerProps) {
  return (
    <div class={`banner ${kind}`} role={kind === "alert" ? "alert" : undefined}>
      {children}
    </div>
  );
}
