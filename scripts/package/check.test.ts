import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPackage } from "@electron/asar";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import config, { FUSES } from "../../electron-builder.config.mjs";
import { root } from "../run.mjs";
import { fusesOf, lookInto } from "./check.mjs";

/** How an executable holds its fuses: a mark, the version of the wire, its length, a character each. */
const wire = (fuses: string): string =>
  `..dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001${String.fromCharCode(fuses.length)}${fuses}..`;
const CLOSED = "01001101";

describe("looking into a package", () => {
  let folder: string;
  let app: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pilot-light-package-"));
    app = join(folder, "app");
    for (const part of ["main", "preload", "renderer"]) await mkdir(join(app, "out", part), { recursive: true });
    await cp(join(root, "resources"), join(app, "resources"), {
      recursive: true,
      filter: (path) => !path.endsWith("README.md"),
    });
    await writeFile(join(app, "package.json"), '{ "main": "out/main/index.cjs" }');
    for (const file of [
      "main/index.cjs",
      "preload/index.cjs",
      "renderer/index.html",
      "renderer/index.js",
      "renderer/index.css",
    ])
      await writeFile(join(app, "out", file), file);
    await mkdir(join(folder, "resources"));
    await writeFile(join(folder, "pilot-light"), wire("01000101"), "latin1");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function look(fuses: Readonly<Record<string, boolean>> = {}): Promise<string[]> {
    await createPackage(app, join(folder, "resources", "app.asar"));
    return lookInto({ executable: join(folder, "pilot-light"), resources: join(folder, "resources") }, fuses);
  }

  it("finds nothing wrong with what we pack", async () => {
    expect(await look()).toEqual([]);
  });

  it("reads each fuse that this Electron has, by name", async () => {
    expect(await fusesOf(join(folder, "pilot-light"))).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: false,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: true,
    });
  });

  it("names a fuse that stands the wrong way", async () => {
    expect(await look({ runAsNode: true, onlyLoadAppFromAsar: true })).toEqual(["the fuse runAsNode should be on"]);
  });

  it("names what is missing, what is foreign, and what stands beside the archive", async () => {
    await rm(join(app, "out/preload/index.cjs"));
    await mkdir(join(app, "node_modules/left"), { recursive: true });
    await writeFile(join(app, "node_modules/left/index.js"), "");
    await mkdir(join(folder, "resources", "app"));
    expect(await look()).toEqual([
      "app stands beside app.asar",
      "out/preload/index.cjs is not packed",
      "node_modules/left/index.js is packed, which the app does not need",
    ]);
  });
});

describe("the packager's configuration", () => {
  it("closes every way to make the app run foreign code", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pilot-light-fuses-"));
    await writeFile(join(folder, "x"), wire(CLOSED), "latin1");
    expect(await fusesOf(join(folder, "x"))).toEqual(FUSES);
    await rm(folder, { recursive: true });
  });

  it("publishes nothing and packs no node_modules", () => {
    expect(config.publish).toBeNull();
    expect(config.files).toContain("!**/node_modules/**");
    expect(config.linux.executableName).toBe("pilot-light");
    expect(config.extraMetadata.desktopName).toBe("pilot-light.desktop");
  });
});
