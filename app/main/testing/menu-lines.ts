import type { MenuEntry } from "../tray/menu.ts";

/** The menu as text: one line an entry, two spaces a level, a minus for a command that cannot be clicked. */
export function menuLines(entries: readonly MenuEntry[], indent = ""): string[] {
  return entries.flatMap((entry) => {
    switch (entry.kind) {
      case "separator":
        return [`${indent}---`];
      case "text":
        return [`${indent}${entry.label}`];
      case "action":
        return [`${indent}${entry.enabled ? "" : "- "}${entry.label}`];
      case "switch":
        return [`${indent}${entry.enabled ? "" : "- "}[${entry.on ? "x" : " "}] ${entry.label}`];
      case "submenu":
        return [`${indent}${entry.label} >`, ...menuLines(entry.entries, `${indent}  `)];
    }
  });
}
