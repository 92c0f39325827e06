import type { Menu, MenuItemConstructorOptions, NativeImage } from "electron";
import { describe, expect, it } from "vitest";
import type { MenuAction, TrayModel } from "./menu.ts";
import { createTrayItem, type TrayItemDeps } from "./tray.ts";

const MODEL: TrayModel = {
  icon: "well",
  tooltip: "All well",
  entries: [
    { kind: "text", label: "R&D" },
    { kind: "separator" },
    { kind: "submenu", label: "a", entries: [action("Refresh now", { name: "refresh", id: "a" })] },
    {
      kind: "switch",
      label: "Start at login",
      enabled: true,
      on: false,
      action: { name: "setStartAtLogin", on: true },
    },
  ],
};

function action(label: string, what: MenuAction): TrayModel["entries"][number] {
  return { kind: "action", label, enabled: true, action: what };
}

/** An Electron in which every change of the tray is noted. */
function scene() {
  const done: string[] = [];
  const names = new Map<NativeImage | string, string>();
  const templates: MenuItemConstructorOptions[][] = [];
  const clicked: MenuAction[] = [];
  const tray: ReturnType<TrayItemDeps["create"]> = {
    setImage: (image) => void done.push(`image ${names.get(image) ?? "?"}`),
    setToolTip: (text) => void done.push(`tooltip ${text}`),
    setContextMenu: () => void done.push("menu"),
    on: () => tray as never,
  };
  const item = createTrayItem({
    create: (image) => {
      done.push(`create ${names.get(image) ?? "?"}`);
      return tray;
    },
    image: (icon) => {
      const image = {} as NativeImage;
      names.set(image, icon);
      return image;
    },
    buildMenu: (template) => {
      templates.push(template);
      return {} as Menu;
    },
    onAction: (what) => clicked.push(what),
    onOpen: () => undefined,
  });
  return { item, done, templates, clicked };
}

describe("the tray item", () => {
  it("is made once, and only what changed is touched", () => {
    const { item, done } = scene();
    item.render(MODEL);
    item.render({ ...MODEL });
    item.render({ ...MODEL, tooltip: "Other" });
    item.render({ ...MODEL, tooltip: "Other", icon: "paused" });
    expect(done).toEqual(["create well", "tooltip All well", "menu", "tooltip Other", "image paused"]);
  });

  it("gets a new menu only when the menu is another", () => {
    const { item, templates } = scene();
    item.render(MODEL);
    item.render({ ...MODEL, icon: "needsYou" });
    item.render({ ...MODEL, entries: [] });
    expect(templates).toHaveLength(2);
  });

  it("shows an ampersand as one", () => {
    const { item, templates } = scene();
    item.render(MODEL);
    expect(templates[0]?.[0]?.label).toBe("R&&D");
  });

  it("says after a click on a switch what is true, not what was clicked", () => {
    const { item, templates, clicked } = scene();
    item.render(MODEL);
    const entry = templates[0]?.[3];
    entry?.click?.({} as never, undefined, {});
    expect(clicked).toEqual([{ name: "setStartAtLogin", on: true }]);
    item.render(MODEL);
    expect(templates).toHaveLength(2);
  });
});
