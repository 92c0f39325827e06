/** What is asked before a command that can cost something is carried out. */
import type { Command } from "../../shared/login/rules.ts";
import type { Account } from "../../shared/login/snapshot.ts";

/** A command that is asked first. */
export type AskedFirst = Extract<Command, "pause" | "tryOnce" | "allow">;

interface Wording {
  /** On the button that opens the question. */
  readonly button: string;
  /** What it means, and the question. */
  readonly text: string;
  /** On the button that says yes. */
  readonly yes: string;
}

/** @returns how it is asked for this login; names of others in it are not yet made harmless. */
export function wordingOf(asked: AskedFirst, account: Pick<Account, "state" | "sharedWith">): Wording {
  switch (asked) {
    case "pause":
      return {
        button: "Pause pings",
        text: "Pause the pings of this login? It is still refreshed.",
        yes: "Pause pings",
      };
    case "tryOnce":
      return {
        button: "Try once more",
        text:
          "The provider is asked once more, and the attempt is recorded. It may refuse again, and then only a new sign-in helps. " +
          "Try once more?",
        yes: "Try once more",
      };
    case "allow":
      return allowWording(account);
  }
}

function allowWording({ state, sharedWith }: Pick<Account, "state" | "sharedWith">): Wording {
  switch (state) {
    case "shared": {
      const yes = "Refresh it anyway";
      const other = sharedWith ?? "Another program";
      return {
        button: yes,
        text: `${other} uses the same login, and may be signed out by a refresh here. ${yes}?`,
        yes,
      };
    }
    case "wipedElsewhere": {
      const yes = "Put the safe copy back";
      const text = `If Pilot Light kept a safe copy, it goes back into the file and is used again. The other program may have ended it. ${yes}?`;
      return { button: yes, text, yes };
    }
    default: {
      const yes = "Use it anyway";
      return {
        button: yes,
        text: `The provider may refuse an older copy, and end a newer login with it. ${yes}?`,
        yes,
      };
    }
  }
}
