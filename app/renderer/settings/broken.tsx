import { useState } from "preact/hooks";
import { ALL } from "../../shared/data/all.ts";
import { visible } from "../../shared/words/visible.ts";
import { SET_ASIDE, settingsBanner } from "../../shared/words/window/settings.ts";
import { Question } from "../around/question.tsx";
import type { Page } from "../page.ts";
import { Banner, Button } from "../parts.tsx";

interface BrokenProps {
  readonly page: Page;
}

const QUESTION = "set-aside";

/** A settings file that cannot be used: what is wrong with it, and a way to go on without it. */
export function BrokenSettings({ page: { view, act } }: BrokenProps) {
  const [asks, setAsks] = useState(false);
  return (
    <Banner kind="alert">
      <p>{visible(settingsBanner(view))}</p>
      {view.settingsProblem?.maySetAside === true && (
        <div class="buttons">
          <Button
            text={SET_ASIDE.open}
            about={SET_ASIDE.about}
            open={asks}
            opens={QUESTION}
            onPress={() => setAsks((before) => !before)}
          />
        </div>
      )}
      {asks && (
        <Question
          id={QUESTION}
          text={SET_ASIDE.question}
          about={SET_ASIDE.about}
          choices={[
            {
              text: SET_ASIDE.confirm,
              spoken: `${SET_ASIDE.confirm}: ${SET_ASIDE.about}`,
              onChoose: () => {
                setAsks(false);
                act(ALL, (bridge) => bridge.setSettingsAside());
              },
            },
          ]}
          onCancel={() => setAsks(false)}
        />
      )}
    </Banner>
  );
}
