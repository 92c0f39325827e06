import { useEffect, useState } from "preact/hooks";

export interface SettingsOpen {
  readonly open: boolean;
  /** Raised each time that a key asked for them. */
  readonly calls: number;
  readonly toggle: () => void;
}

/**
 * Are the settings open? A button opens and closes them, Ctrl+, (on macOS Cmd+,) opens them from anywhere, Escape closes them
 * and gives the focus back to the button.
 * @param id of the settings; the button points at it.
 */
export function useSettingsOpen(id: string): SettingsOpen {
  const [{ open, calls }, set] = useState({ open: false, calls: 0 });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (asksForSettings(event)) {
        event.preventDefault();
        set((before) => ({ open: true, calls: before.open ? before.calls + 1 : 1 }));
      } else if (open && closes(event)) {
        document.querySelector<HTMLElement>(`[aria-controls="${id}"]`)?.focus();
        set({ open: false, calls: 0 });
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [id, open]);
  return { open, calls, toggle: () => set((before) => ({ open: !before.open, calls: 0 })) };
}

function asksForSettings({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return key === "," && (ctrlKey || metaKey) && !altKey && !shiftKey;
}

/** A question that is open, and a text that was typed, are taken back first. */
function closes({ key, defaultPrevented, target }: KeyboardEvent): boolean {
  return key === "Escape" && !defaultPrevented && !(target instanceof Element && target.closest(".question") !== null);
}
