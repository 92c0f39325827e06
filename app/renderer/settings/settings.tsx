// oxlint-disable-next-line import/no-unassigned-import -- the bundler puts it beside the page
import "./settings.css";
import { Fragment } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ALL } from "../../shared/data/all.ts";
import { NOTIFICATION_KINDS } from "../../shared/login/notifications.ts";
import { NOTIFICATION_WORDS } from "../../shared/words/notifications.ts";
import { visible } from "../../shared/words/visible.ts";
import {
  detailsOf,
  LOG_CHOICES,
  logLockSentence,
  SCHEDULE_CHOICES,
  SETTINGS,
} from "../../shared/words/window/settings.ts";
import { startLockSentence } from "../../shared/words/window.ts";
import type { Page } from "../page.ts";
import { Fact } from "../parts.tsx";
import { Quit } from "./buttons.tsx";
import { Choices, Switch } from "./controls.tsx";
import { Names } from "./names.tsx";
import { Pings } from "./pings.tsx";
import { Places } from "./places.tsx";

interface SettingsProps {
  readonly id: string;
  readonly page: Page;
  /** Raised each time that a key asked for the settings: they get the focus. */
  readonly calls: number;
}

/** What can be set, and where everything is and goes. Paths and addresses are shown here and never changed here. */
export function Settings({ id, page, calls }: SettingsProps) {
  const section = useRef<HTMLElement>(null);
  // Asked for from below, they would open out of sight: they are the first thing on the page.
  useEffect(() => window.scrollTo(0, 0), []);
  useEffect(() => {
    if (calls > 0) section.current?.focus();
  }, [calls]);
  return (
    <section id={id} ref={section} class="settings card" data-home tabIndex={-1} aria-labelledby={`${id}-name`}>
      <h2 id={`${id}-name`}>{SETTINGS.title}</h2>
      <Pings page={page} />
      <Schedule page={page} />
      <Notifications page={page} />
      <Names page={page} />
      <Group name={SETTINGS.app}>
        <StartAtLogin page={page} />
      </Group>
      <Log page={page} />
      <Group name={SETTINGS.places}>
        <Places page={page} />
      </Group>
      <Group name={SETTINGS.about}>
        <About page={page} />
      </Group>
      <div class="row">
        <p class="quiet">{SETTINGS.notRunning}</p>
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

interface GroupProps {
  readonly name: string;
  readonly children: preact.ComponentChildren;
}

function Group({ name, children }: GroupProps) {
  return (
    <div class="group">
      <h3>{name}</h3>
      {children}
    </div>
  );
}

function Schedule({ page: { view, act } }: PartProps) {
  return (
    <Choices
      legend={SETTINGS.refreshing}
      choices={SCHEDULE_CHOICES.map(({ schedule, name, means }) => ({ value: schedule, name, about: means }))}
      chosen={view.schedule}
      onChoose={(value) => act(ALL, (bridge) => bridge.changeSettings({ key: "schedule", value }))}
    />
  );
}

function Log({ page: { view, act } }: PartProps) {
  return (
    <Choices
      legend={SETTINGS.log}
      choices={LOG_CHOICES}
      chosen={view.log.level}
      locked={logLockSentence(view.log)}
      onChoose={(value) => act(ALL, (bridge) => bridge.changeSettings({ key: "logLevel", value }))}
    />
  );
}

function Notifications({ page: { view, act } }: PartProps) {
  return (
    <Group name={SETTINGS.notifications}>
      {NOTIFICATION_KINDS.map((kind) => (
        <Switch
          key={kind}
          id={`notify-${kind}`}
          label={NOTIFICATION_WORDS[kind]}
          on={view.notifications[kind]}
          onSwitch={(value) => act(ALL, (bridge) => bridge.changeSettings({ key: "notifications", kind, value }))}
        />
      ))}
    </Group>
  );
}

function StartAtLogin({ page: { view, act } }: PartProps) {
  const { on, locked } = view.startAtLogin;
  return (
    <Switch
      id="start-at-login"
      label={SETTINGS.startAtLogin}
      on={on}
      locked={locked === null ? null : visible(startLockSentence(locked))}
      onSwitch={(next) => act(ALL, (bridge) => bridge.setStartAtLogin(next))}
    />
  );
}

function About({ page: { view } }: PartProps) {
  return (
    <>
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
      <p class="quiet">{SETTINGS.shownOnly}</p>
    </>
  );
}
