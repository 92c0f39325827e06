/** For tests: settings in memory, which tell their listeners of each change. */
import type { SettingsFile } from "../../ports/settings.ts";
import { type Stored, withValue } from "../../shared/setting-keys.ts";
import { parseSettings, type Settings } from "../../shared/settings.ts";

/** @param content what stands in the file. */
export function testSettings(content: Stored = {}): SettingsFile {
  let stored = content;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const read = (): Settings => parseSettings(stored);
  return {
    read,
    stored: () => stored,
    update(change) {
      const [before, after] = [read(), change(read())];
      const changed = Object.entries(after).filter(
        ([key, value]) => JSON.stringify(value) !== JSON.stringify(new Map(Object.entries<unknown>(before)).get(key)),
      );
      stored = { ...stored, ...Object.fromEntries(changed) };
      tell();
    },
    put(path, value) {
      stored = withValue(stored, path, value);
      tell();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
