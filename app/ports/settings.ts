import type { Stored } from "../shared/setting-keys.ts";
import type { Settings } from "../shared/settings.ts";

export interface SettingsStore {
  /** @throws UserError when the file cannot be understood; it is then left as it is. */
  read(): Settings;
  /** Read, change, write, atomically. */
  update(change: (settings: Settings) => Settings): void;
  onChange(listener: () => void): () => void;
}

/** The same with what stands in the file itself, for who changes single keys of it. */
export interface SettingsFile extends SettingsStore {
  /** Without defaults. @throws as `read`. */
  stored(): Stored;
  /**
   * Puts a value at this place and leaves all else as it stands; undefined takes it out.
   * @throws UserError when the file cannot be understood, with it or without it, or cannot be written.
   */
  put(path: readonly string[], value: unknown): void;
}
