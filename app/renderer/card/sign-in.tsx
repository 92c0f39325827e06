import { signInHint } from "../../shared/view/sign-in.ts";
import { BUTTONS, copiedSentence, SIGN_IN_OPENED } from "../../shared/words/card.ts";
import type { Page } from "../page.ts";
import { Button } from "../parts.tsx";

interface SignInProps {
  readonly page: Page;
  /** Where it is said what came of it: a login, or `ALL`. */
  readonly target: string;
  readonly provider: string;
  /** For people; absent = no login in particular. */
  readonly about?: string;
  readonly primary: boolean;
  /** Also the way without a terminal of ours, where there is one. */
  readonly both: boolean;
}

/** The way to a sign-in: in the user's terminal; where none was found, by the clipboard. */
export function SignIn({ page: { view, act }, target, provider, about, primary, both }: SignInProps) {
  const hint = signInHint(view, provider) ?? "";
  const inTerminal = view.terminal !== null;
  if (hint === "") return null;
  const look = (main: boolean) => (primary && main ? "primary" : "plain");
  return (
    <>
      {inTerminal && (
        <Button
          text={BUTTONS.signIn}
          about={about}
          look={look(true)}
          onPress={() => act(target, (bridge) => bridge.signIn(provider), SIGN_IN_OPENED)}
        />
      )}
      {(both || !inTerminal) && (
        <Button
          text={BUTTONS.copySignIn}
          about={about}
          look={look(!inTerminal)}
          onPress={() => act(target, (bridge) => bridge.copySignInHint(provider), copiedSentence(hint))}
        />
      )}
    </>
  );
}
