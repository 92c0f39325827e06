/** Buttons of the settings that a banner has as well. */
import { ALL } from "../../shared/data/all.ts";
import { isBusy } from "../../shared/view/busy.ts";
import { APP_BUTTONS } from "../../shared/words/window.ts";
import type { Page } from "../page.ts";
import { Button } from "../parts.tsx";

interface ButtonProps {
  readonly page: Page;
}

export function ResumeAll({ page: { view, act } }: ButtonProps) {
  return (
    <Button
      text={APP_BUTTONS.resumeAll}
      off={isBusy(view, ALL)}
      onPress={() => act(ALL, (bridge) => bridge.resumePings(null))}
    />
  );
}

export function Quit({ page: { act } }: ButtonProps) {
  return <Button text={APP_BUTTONS.quit} onPress={() => act(ALL, (bridge) => bridge.quit())} />;
}
