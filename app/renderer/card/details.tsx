import { Fragment } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ALL } from "../../shared/data/all.ts";
import { isBusy } from "../../shared/view/busy.ts";
import { pingsAreOff } from "../../shared/view/offers.ts";
import { PAUSES } from "../../shared/view/pauses.ts";
import { PAUSE_WORDS } from "../../shared/words/card.ts";
import { capital } from "../../shared/words/times.ts";
import { visible } from "../../shared/words/visible.ts";
import { APP_BUTTONS, DETAILS, detailsOf, startLockSentence } from "../../shared/words/window.ts";
import type { Page } from "../page.ts";
import { Button, Fact } from "../parts.tsx";

interface DetailsProps {
  readonly id: string;
  readonly page: Page;
}

/** Where everything stands and goes, and the few switches. Paths and addresses are shown here and changed elsewhere. */
export function Details({ id, page }: DetailsProps) {
  const { view } = page;
  const section = useRef<HTMLElement>(null);
  // Asked for from below, it would open out of sight.
  useEffect(() => section.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <section id={id} ref={section} class="card" data-home tabIndex={-1} aria-label={DETAILS.title}>
      <StartAtLogin page={page} />
      <PauseAll page={page} />
      <dl class="facts">
        {detailsOf(view).map(([name, ...lines]) => (
          <Fact key={name} name={visible(name)}>
            {lines.map((line, at) => (
              <Fragment key={at}>
                {at > 0 && <br />}
                {visible(line)}
              </Fragment>
            ))}
          </Fact>
        ))}
      </dl>
      <p class="quiet">{DETAILS.changedElsewhere}</p>
      <div class="row">
        <p class="quiet">{DETAILS.notRunning}</p>
        <div class="buttons">
          <Quit page={page} />
        </div>
      </div>
    </section>
  );
}

interface PartProps {
  readonly page: Page;
}

function StartAtLogin({ page: { view, act } }: PartProps) {
  const { on, locked } = view.startAtLogin;
  return (
    <div class="row">
      <p id="start-at-login">
        {DETAILS.startAtLogin}
        {locked !== null && <span class="quiet"> {visible(startLockSentence(locked))}</span>}
      </p>
      <button
        type="button"
        role="switch"
        class="switch"
        aria-checked={on}
        aria-labelledby="start-at-login"
        aria-disabled={locked === null ? undefined : "true"}
        onClick={() => {
          if (locked === null) act(ALL, (bridge) => bridge.setStartAtLogin(!on));
        }}
      >
        <span class="knob" />
        <span class="word">{on ? "on" : "off"}</span>
      </button>
    </div>
  );
}

function PauseAll({ page }: PartProps) {
  const { view, act } = page;
  const isPaused = view.allPaused !== null;
  if (!isPaused && pingsAreOff(view)) return null;
  return (
    <div class="row">
      <p>
        {isPaused ? DETAILS.allPaused : DETAILS.pauseAll} <span class="quiet">{DETAILS.refreshingContinues}</span>
      </p>
      <div class="buttons">
        {isPaused ? (
          <ResumeAll page={page} />
        ) : (
          PAUSES.map(({ name, forMs }) => (
            <Button
              key={name}
              text={capital(PAUSE_WORDS[name])}
              about={DETAILS.aboutPauseAll}
              off={isBusy(view, ALL)}
              onPress={() => act(ALL, (bridge) => bridge.pausePings(null, forMs(Date.now())))}
            />
          ))
        )}
      </div>
    </div>
  );
}

export function ResumeAll({ page: { view, act } }: PartProps) {
  return (
    <Button
      text={APP_BUTTONS.resumeAll}
      off={isBusy(view, ALL)}
      onPress={() => act(ALL, (bridge) => bridge.resumePings(null))}
    />
  );
}

export function Quit({ page: { act } }: PartProps) {
  return <Button text={APP_BUTTONS.quit} onPress={() => act(ALL, (bridge) => bridge.quit())} />;
}
