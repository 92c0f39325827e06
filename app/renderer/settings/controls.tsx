/** What settings are changed with. Each change counts at once, and what is shown is what main says that counts. */
import { useId, useState } from "preact/hooks";

interface SwitchProps {
  readonly id: string;
  readonly label: string;
  readonly on: boolean;
  /** Why it cannot be switched, a sentence. */
  readonly locked?: string | null;
  readonly onSwitch: (on: boolean) => void;
}

export function Switch({ id, label, on, locked = null, onSwitch }: SwitchProps) {
  return (
    <div class="row">
      <p id={id}>
        {label}
        {locked !== null && <span class="quiet"> {locked}</span>}
      </p>
      <button
        type="button"
        role="switch"
        class="switch"
        aria-checked={on}
        aria-labelledby={id}
        aria-disabled={locked === null ? undefined : "true"}
        onClick={() => {
          if (locked === null) onSwitch(!on);
        }}
      >
        <span class="knob" />
        <span class="word">{on ? "on" : "off"}</span>
      </button>
    </div>
  );
}

interface ChoicesProps<T extends string> {
  readonly legend: string;
  readonly choices: readonly { readonly value: T; readonly name: string; readonly about: string }[];
  /** null = not known yet. */
  readonly chosen: T | null;
  /** Why it cannot be chosen, a sentence. */
  readonly locked?: string | null;
  readonly onChoose: (value: T) => void;
}

/** One of a few. */
export function Choices<T extends string>({ legend, choices, chosen, locked = null, onChoose }: ChoicesProps<T>) {
  const name = useId();
  return (
    <fieldset class="group" disabled={locked !== null}>
      <legend>{legend}</legend>
      {locked !== null && <p class="quiet">{locked}</p>}
      {choices.map(({ value, name: label, about }) => (
        <label class="choice" key={value}>
          <input type="radio" name={name} checked={value === chosen} onChange={() => onChoose(value)} />
          <span>
            {label} <span class="quiet">{about}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly kind?: "text" | "number";
  readonly maxLength?: number;
  /** Of what was typed, when it is left or Enter ends it. */
  readonly onEnter: (text: string) => void;
}

/** A line to type in. Escape takes back what was typed, and a second one is for what is around it. */
export function Field({ label, value, placeholder, kind = "text", maxLength, onEnter }: FieldProps) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <div class="row field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode={kind === "number" ? "numeric" : "text"}
        autocomplete="off"
        spellcheck={false}
        maxLength={maxLength}
        placeholder={placeholder}
        value={draft ?? value}
        onInput={({ currentTarget }) => setDraft(currentTarget.value)}
        onChange={({ currentTarget }) => {
          const text = currentTarget.value.trim();
          setDraft(null);
          if (text !== value) onEnter(text);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || draft === null) return;
          event.preventDefault();
          setDraft(null);
        }}
      />
    </div>
  );
}
