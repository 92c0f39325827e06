import type { App } from "electron";

/** Quit: nothing new starts, what is under way is heard out, then the process ends. */
export interface Ending {
  /** Begins it; further calls change nothing. */
  begin(): void;
}

export interface EndingDeps {
  readonly app: Pick<App, "on" | "exit">;
  /** Resolves when everything is safe; never later than the longest token request. */
  readonly stop: () => Promise<void>;
  /** The last thing before the process ends. */
  readonly cleanUp: () => Promise<void>;
  readonly onBegin: () => void;
}

/** Whatever asks the app to quit (menu, signal, end of session) comes through here. */
export function createEnding({ app, stop, cleanUp, onBegin }: EndingDeps): Ending {
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    onBegin();
    void stop()
      .catch(() => undefined)
      .then(cleanUp)
      .catch(() => undefined)
      .finally(() => app.exit(0));
  };
  app.on("before-quit", (event) => {
    event.preventDefault();
    begin();
  });
  return { begin };
}
