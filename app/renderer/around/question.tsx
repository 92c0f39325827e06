import { useLayoutEffect, useRef } from "preact/hooks";
import { BUTTONS } from "../../shared/words/card.ts";
import { Button } from "../parts.tsx";

export interface Choice {
  readonly text: string;
  /** The button's name for who hears only that. */
  readonly spoken: string;
  readonly onChoose: () => void;
}

interface QuestionProps {
  /** Of the element; the opening button points at it. */
  readonly id: string;
  readonly text: string;
  readonly choices: readonly Choice[];
  readonly about: string;
  readonly onCancel: () => void;
}

/** Asks before something is done, where it was asked for: the question has the focus, Escape takes it back. */
export function Question({ id, text, choices, about, onCancel }: QuestionProps) {
  const box = useRef<HTMLDivElement>(null);
  // Before anyone can press a key, so that Escape is its own.
  useLayoutEffect(() => box.current?.focus(), []);
  return (
    <div
      id={id}
      ref={box}
      class="question"
      role="group"
      tabIndex={-1}
      aria-labelledby={`${id}-text`}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // The row around it stays open.
        event.stopPropagation();
        onCancel();
      }}
    >
      <p id={`${id}-text`}>{text}</p>
      <div class="buttons">
        {choices.map(({ text: label, spoken, onChoose }) => (
          <button type="button" class="button strong" key={label} aria-label={spoken} onClick={onChoose}>
            {label}
          </button>
        ))}
        <Button text={BUTTONS.cancel} about={about} onPress={onCancel} />
      </div>
    </div>
  );
}
