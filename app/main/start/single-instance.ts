import * as v from "valibot";

/** What a second start hands to the first one; not its command line, whose order Electron does not keep. */
export interface SecondStart {
  /** It was started by the session, so nobody asked for a window. */
  readonly hidden: boolean;
  /** The credential file that it was asked to watch, absolute; null = the default one, or what the settings say. */
  readonly authFile: string | null;
}

const schema = v.object({ hidden: v.boolean(), authFile: v.nullable(v.string()) });

export interface SecondStartDeps {
  /** The credential file that this app watches; null = not known yet. */
  readonly watched: () => string | null;
  readonly say: (sentence: string) => void;
  readonly show: () => void;
}

/** Does what a second start asked for. @param data as it was handed over. */
export function answerSecondStart(data: unknown, { watched, say, show }: SecondStartDeps): void {
  const second = readSecondStart(data);
  const sentence = otherFileSentence(watched(), second);
  if (sentence !== null) say(sentence);
  if (!second.hidden) show();
}

/** @returns what the second start said; a sensible default where it said nothing that we understand. */
export function readSecondStart(data: unknown): SecondStart {
  const parsed = v.safeParse(schema, data);
  return parsed.success ? parsed.output : { hidden: false, authFile: null };
}

/** @returns what to tell the user when the second start was meant for another file; null when it was not. */
export function otherFileSentence(watched: string | null, { authFile }: SecondStart): string | null {
  if (authFile === null || watched === null || authFile === watched) return null;
  return `Pilot Light already runs and watches ${watched}. To watch ${authFile} as well, start it with another --state-dir.`;
}
