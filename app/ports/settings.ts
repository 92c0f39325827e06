import type { Settings } from "../shared/settings.ts";

export interface SettingsStore {
  /** @throws UserError when the file cannot be understood; it is then left as it is. */
  read(): Settings;
  /** Read, change, write, atomically. */
  update(change: (settings: Settings) => Settings): void;
  onChange(listener: () => void): () => void;
}
