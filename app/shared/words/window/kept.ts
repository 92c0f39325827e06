/** What the window says of logins that were signed out, and of what can be put back. Pure; names are not yet made harmless. */
import type { KeptCopy, Rescuable } from "../../login/kept.ts";
import { moment } from "../times.ts";

export const SIGNED_OUT = {
  /** The name of the list, for who hears it. */
  title: "Signed-out logins",
  erase: "Erase now",
  question:
    "Once its safe copy is erased, this login cannot be put back: only a new sign-in helps. " +
    "That cannot be undone. Erase it now?",
} as const;

/** @param now ms. @returns until when a signed-out login can be put back: it is erased by itself then. */
export function signedOutSentence({ erasedAt }: Pick<KeptCopy, "erasedAt">, now: number): string {
  return `Signed out. Its safe copy is kept until ${moment(erasedAt, now)}.`;
}

/** @param name of the login. @returns what came of erasing, where the login is no longer there to say it. */
export function erasedSentence(name: string, sentence: string): string {
  return `${name}: ${sentence}`;
}

/** @returns how it is asked whether a login shall be put back. */
export function putBackWording({ id, why }: Pick<Rescuable, "id" | "why">) {
  switch (why) {
    case "removed":
      return asked(
        "Put back",
        `This adds ${id} to the file again, with the newest pair that is kept of it. The provider may no longer accept it.`,
      );
    case "emptied":
      return asked(
        "Put back",
        "The newest pair that is kept of this login goes back into the file. The provider may no longer accept it.",
      );
    case "newer":
      return asked(
        "Put the newer one back",
        "Pilot Light keeps a newer pair of this login than the file holds. It goes into the file, in place of the older one.",
      );
    case "replaced":
    case "ended":
    case "oldCopy":
      return asked(
        "Put the earlier one back",
        "The login that was here before goes back into the file. What is there now is kept until that one is refreshed.",
      );
  }
}

function asked(button: string, meaning: string) {
  return { button, text: `${meaning} ${button}?`, yes: button };
}
