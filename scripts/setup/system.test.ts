import { describe, expect, it } from "vitest";
import { unmet } from "./system.mjs";
import { NEEDS } from "./system-needs.mjs";

const names = (needs: readonly { name: string }[]): string[] => needs.map(({ name }) => name);
const bare = { libraries: new Set<string>(), packages: new Set<string>(), program: () => false, dpkg: true };
const library = {
  name: "GTK 3",
  for: "run",
  library: "libgtk-3.so.0",
  apt: [["new-name", "old-name"]],
  other: "gtk3",
} as const;
const program = {
  name: "a browser",
  for: "test",
  programs: ["chromium", "google-chrome"],
  apt: [["chromium"]],
  other: "chromium",
} as const;
const data = { name: "fonts", for: "test", apt: [["fonts-new", "fonts-old"], ["fontconfig"]], other: "fonts" } as const;

describe("what the system lacks", () => {
  it("is everything on a bare one", () => {
    expect(unmet(NEEDS, bare)).toEqual(NEEDS);
  });

  it("is no library that the linker knows, whatever its package is called", () => {
    expect(unmet([library], { ...bare, libraries: new Set(["libgtk-3.so.0"]) })).toEqual([]);
    expect(names(unmet([library], { ...bare, packages: new Set(["old-name"]) }))).toEqual(["GTK 3"]);
  });

  it("is no program that is there under one of its names", () => {
    expect(unmet([program], { ...bare, program: (name) => name === "google-chrome" })).toEqual([]);
  });

  it("is data of which one package is missing, under all of its names", () => {
    expect(unmet([data], { ...bare, packages: new Set(["fonts-old", "fontconfig"]) })).toEqual([]);
    expect(names(unmet([data], { ...bare, packages: new Set(["fonts-old"]) }))).toEqual(["fonts"]);
  });

  it("is no data where no package database can tell", () => {
    expect(unmet([data], { ...bare, dpkg: false })).toEqual([]);
  });
});

describe("the needs", () => {
  it("of running are libraries alone: npm start installs nothing for tests", () => {
    const running = NEEDS.filter((need) => need.for === "run");
    expect(running.length).toBeGreaterThan(5);
    for (const need of running) expect(need.library).toMatch(/^lib[\w.+-]+\.so(\.\d+)*$/);
  });

  it("name a package each, and the newer name first", () => {
    for (const need of NEEDS) {
      expect(need.apt.length).toBeGreaterThan(0);
      for (const packages of need.apt) {
        const [first, second] = packages;
        if (second !== undefined) expect(first).toBe(`${second}t64`);
      }
    }
  });
});
