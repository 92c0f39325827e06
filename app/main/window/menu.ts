import type { MenuItemConstructorOptions } from "electron";

/** The roles without which a window cannot be zoomed, copied from or closed by the keyboard. */
const ROLES = [
  "copy",
  "selectAll",
  "zoomIn",
  "zoomOut",
  "resetZoom",
  "minimize",
  "close",
  "quit",
] as const satisfies readonly MenuItemConstructorOptions["role"][];

/**
 * The menu of the app. It is seen on macOS only; elsewhere it is hidden, and there for its keys alone.
 * @returns a template for `Menu.buildFromTemplate`.
 */
export function menuTemplate(): MenuItemConstructorOptions[] {
  return [
    {
      label: "Pilot Light",
      submenu: [
        ...ROLES.map((role) => ({ role })),
        // The key that is on the same place as "+" without Shift.
        { role: "zoomIn", accelerator: "CommandOrControl+=", visible: false },
      ],
    },
  ];
}
