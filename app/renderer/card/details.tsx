import { useEffect, useRef } from "preact/hooks";
import { ALL } from "../../shared/data/all.ts";
import type { Snapshot } from "../../shared/login/snapshot.ts";
import { isBusy } from "../../shared/view/busy.ts";
import { pingsAreOff } from "../../shared/view/offers.ts";
import { PAUSES } from "../../shared/view/pauses.ts";
import type { View } from "../../shared/view/view.ts";
import { capital } from "../../shared/words/times.ts";
import { visible } from "../../shared/words/visible.ts";
import { startLockSentence } from "../../shared/words/window.ts";
import type { Page } from "../page.ts";
import { Button, Fact } from "../parts.tsx";

interface DetailsProps {
  readonly id: string;
  readonly page: Page;
}

/** Where everything stands and goes, and the few switches. Paths and addresses are shown here and changed elsewhere. */
export function Details({ id, page }: DetailsProps) {
  const { view } = page;
  const file = view.snapshot?.file;
  const section = useRef<HTMLElement>(null);
  // Asked for from below, it would open out of sight.
  useEffect(() => section.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <section id={id} ref={section} class="card" data-home tabIndex={-1} aria-label="Details">
      <StartAtLogin page={page} />
      <PauseAll page={page} />
      <dl class="facts">
        <Fact name="watched file">{file === undefined ? "not known yet" : visible(file.path)}</Fact>
        <Fact name="format">{FORMATS[file?.format ?? "none"]}</Fact>
        {view.providers.map(({ id: provider, tokenUrl, apiUrl }) => (
          <Fact key={provider} name={visible(provider)}>
            refreshes at {visible(tokenUrl)}
            <br />
            pings at {visible(apiUrl)}
          </Fact>
        ))}
        <Fact name="pings">{pingsText(view)}</Fact>
        <Fact name="settings file">{visible(view.settingsFile) || "not known yet"}</Fact>
        <Fact name="state folder">{visible(view.stateDir)}</Fact>
        <Fact name="version">{visible(view.version)}</Fact>
      </dl>
      <p class="quiet">File, addresses and pings are changed in the settings file, not here.</p>
      <div class="row">
        <p class="quiet">While Pilot Light does not run, nothing here is refreshed.</p>
        <div class="buttons">
          <Quit page={page} />
        </div>
      </div>
    </section>
  );
}

function pingsText({ pings, providers }: View): string {
  const targets = providers.map(({ pingTarget }) => visible(pingTarget)).join(" or ");
  if (pings === null) return "not known yet";
  switch (pings.mode) {
    case "off":
      return "off";
    case "profile":
      return "a profile request every 30 min, which uses no tokens";
    case "message":
      return `a message to ${targets} every 30 min, at most ${pings.dailyTokens} tokens a day and login`;
  }
}

const FORMATS: Readonly<Record<NonNullable<Snapshot["file"]["format"]> | "none", string>> = {
  flat: "one login for each provider",
  accounts: "several accounts for each provider",
  none: "not known yet",
};

interface PartProps {
  readonly page: Page;
}

function StartAtLogin({ page: { view, act } }: PartProps) {
  const { on, locked } = view.startAtLogin;
  return (
    <div class="row">
      <p id="start-at-login">
        Start at login
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
        {isPaused ? "The pings of all logins are paused" : "Pause the pings of all logins"}{" "}
        <span class="quiet">(refreshing continues)</span>
      </p>
      <div class="buttons">
        {isPaused ? (
          <ResumeAll page={page} />
        ) : (
          PAUSES.map(({ name, label, forMs }) => (
            <Button
              key={name}
              text={capital(label)}
              about="pause pings of all logins"
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
      text="Resume all pings"
      off={isBusy(view, ALL)}
      onPress={() => act(ALL, (bridge) => bridge.resumePings(null))}
    />
  );
}

export function Quit({ page: { act } }: PartProps) {
  return <Button text="Quit Pilot Light" onPress={() => act(ALL, (bridge) => bridge.quit())} />;
}
