import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from "electron";
import type { Degree } from "../../shared/login/need.ts";
import type { MenuAction, MenuEntry, TrayModel } from "./menu.ts";

/** The tray item, once there is a host for it. */
export interface TrayItem {
  /** Shows the model; only what changed is touched. */
  render(model: TrayModel): void;
}

export interface TrayItemDeps {
  /** Makes the one tray item: on Linux a second one, or a new one in its place, would not be shown rightly. */
  readonly create: (image: NativeImage) => Pick<Tray, "setImage" | "setToolTip" | "setContextMenu" | "on">;
  readonly image: (icon: Degree) => NativeImage;
  readonly buildMenu: (template: MenuItemConstructorOptions[]) => Menu;
  readonly onAction: (action: MenuAction) => void;
  /** A click on the icon itself, where the desktop tells of one. */
  readonly onOpen: () => void;
}

/** Each new menu gets new ids, and a click on an old one is lost: so it is set only when it is another. */
export function createTrayItem({ create, image, buildMenu, onAction, onOpen }: TrayItemDeps): TrayItem {
  let tray: ReturnType<TrayItemDeps["create"]> | null = null;
  let shown: { icon: Degree | null; tooltip: string | null; entries: string | null } = {
    icon: null,
    tooltip: null,
    entries: null,
  };
  return {
    render({ icon, tooltip, entries }) {
      if (tray === null) {
        tray = create(image(icon));
        tray.on("click", onOpen);
      } else if (icon !== shown.icon) {
        tray.setImage(image(icon));
      }
      if (tooltip !== shown.tooltip) tray.setToolTip(tooltip);
      const text = JSON.stringify(entries);
      const act = (action: MenuAction) => {
        // A click ticks a switch by itself, whatever comes of it: the next render says what is true.
        if (action.name === "setStartAtLogin") shown = { ...shown, entries: null };
        onAction(action);
      };
      if (text !== shown.entries) tray.setContextMenu(buildMenu(entries.map((entry) => toElectron(entry, act))));
      shown = { icon, tooltip, entries: text };
    },
  };
}

function toElectron(entry: MenuEntry, onAction: (action: MenuAction) => void): MenuItemConstructorOptions {
  switch (entry.kind) {
    case "separator":
      return { type: "separator" };
    case "text":
      return { label: escaped(entry.label), enabled: false };
    case "action":
      return { label: escaped(entry.label), enabled: entry.enabled, click: () => onAction(entry.action) };
    case "switch":
      return {
        type: "checkbox",
        label: escaped(entry.label),
        enabled: entry.enabled,
        checked: entry.on,
        click: () => onAction(entry.action),
      };
    case "submenu":
      return { label: escaped(entry.label), submenu: entry.entries.map((each) => toElectron(each, onAction)) };
  }
}

/** "R&D" would lose its sign and underline the D. */
function escaped(label: string): string {
  return label.replaceAll("&", "&&");
}
