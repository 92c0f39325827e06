import { ALL } from "../../shared/data/all.ts";
import { isBusy } from "../../shared/view/busy.ts";
import { pingsAreOff } from "../../shared/view/offers.ts";
import { PAUSES } from "../../shared/view/pauses.ts";
import { PAUSE_WORDS } from "../../shared/words/card.ts";
import { capital } from "../../shared/words/times.ts";
import { visible } from "../../shared/words/visible.ts";
import { pingChoices } from "../../shared/words/window/notice.ts";
import { pingLockSentence, SETTINGS } from "../../shared/words/window/settings.ts";
import type { Page } from "../page.ts";
import { Button } from "../parts.tsx";
import { ResumeAll } from "./buttons.tsx";
import { Choices, Field } from "./controls.tsx";

interface PingsProps {
  readonly page: Page;
}

/** Which pings there are, what they ask and cost, and the pause of all. */
export function Pings({ page }: PingsProps) {
  const { view, act } = page;
  const { pings, providers } = view;
  return (
    <>
      <Choices
        legend={SETTINGS.pings}
        choices={pingChoices(providers, pings?.dailyTokens ?? 0).map(({ mode, name, sends, costs }) => ({
          value: mode,
          name,
          about: visible(`${sends}; ${costs}`),
        }))}
        chosen={pings?.mode ?? null}
        locked={pingLockSentence(pings)}
        onChoose={(value) => act(ALL, (bridge) => bridge.changeSettings({ key: "ping.mode", value }))}
      />
      {pings?.mode === "message" && <Messages page={page} dailyTokens={pings.dailyTokens} />}
      <PauseAll page={page} />
    </>
  );
}

interface MessagesProps extends PingsProps {
  readonly dailyTokens: number;
}

/** What only message pings have: something that they ask, and a price. */
function Messages({ page: { view, act }, dailyTokens }: MessagesProps) {
  return (
    <div class="group">
      {view.providers.map(({ id, name, pingTarget, pingDefault }) => (
        <Field
          key={id}
          label={visible(SETTINGS.pingModel(name))}
          value={pingTarget === pingDefault ? "" : pingTarget}
          placeholder={visible(pingDefault)}
          maxLength={200}
          onEnter={(text) =>
            act(ALL, (bridge) =>
              bridge.changeSettings({ key: "pingModel", provider: id, value: text === "" ? null : text }),
            )
          }
        />
      ))}
      <Field
        label={SETTINGS.dailyTokens}
        kind="number"
        value={String(dailyTokens)}
        onEnter={(text) => {
          if (/^\d{1,9}$/.test(text))
            act(ALL, (bridge) => bridge.changeSettings({ key: "ping.dailyTokens", value: Number(text) }));
        }}
      />
    </div>
  );
}

function PauseAll({ page }: PingsProps) {
  const { view, act } = page;
  const isPaused = view.allPaused !== null;
  if (!isPaused && pingsAreOff(view)) return null;
  return (
    <div class="row">
      <p>
        {isPaused ? SETTINGS.allPaused : SETTINGS.pauseAll} <span class="quiet">{SETTINGS.refreshingContinues}</span>
      </p>
      <div class="buttons">
        {isPaused ? (
          <ResumeAll page={page} />
        ) : (
          PAUSES.map(({ name, forMs }) => (
            <Button
              key={name}
              text={capital(PAUSE_WORDS[name])}
              about={SETTINGS.aboutPauseAll}
              off={isBusy(view, ALL)}
              onPress={() => act(ALL, (bridge) => bridge.pausePings(null, forMs(Date.now())))}
            />
          ))
        )}
      </div>
    </div>
  );
}
