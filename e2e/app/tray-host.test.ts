import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClock } from "../../app/platform/clock.ts";
import { type Environment, type RunProgram, runProgram } from "../../app/platform/process/programs.ts";
import { BUS_PROGRAMS, trayHostProbe, waitForTrayHost } from "../../app/platform/process/tray-host.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { desktopMissing } from "../support/desktop/needs.ts";
import { firstLine, type OwnProcess, startOwn, untilReady } from "../support/desktop/process.ts";
import { findPython } from "../support/desktop/tray-client.ts";

const run = promisify(execFile);
const WATCHER = "org.kde.StatusNotifierWatcher";
const NAMES = BUS_PROGRAMS.map(({ file }) => file);

/** Asks with this program alone. */
const only =
  (name: string): RunProgram =>
  (file, args, options) =>
    file === name ? runProgram(file, args, options) : Promise.resolve({ failed: "missing" });
const hostSeenBy = (name: string, env: Environment): Promise<boolean> =>
  trayHostProbe({ runProgram: only(name), env, platform: "linux" })();

const skip = await desktopMissing({ busctl: "systemd", "dbus-send": "dbus-bin" });

describe.skipIf(skip)("a tray host, looked for on a real session bus", () => {
  let desktop: Desktop;
  let mock: OwnProcess | null = null;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: false });
  });
  afterAll(async () => {
    await mock?.end();
    await desktop?.close();
  });

  const call = (...words: readonly string[]) =>
    run(
      "gdbus",
      ["call", "--session", "--dest", WATCHER, "--object-path", "/StatusNotifierWatcher", "--method", ...words],
      {
        env: { ...desktop.env },
      },
    );

  it.each(NAMES)("is not there without a watcher: %s", async (name) => {
    expect(await hostSeenBy(name, desktop.env)).toBe(false);
  });

  it("is there as soon as the watcher says so, for each program that asks", async () => {
    const args = ["-m", "dbusmock", "--session", WATCHER, "/StatusNotifierWatcher", WATCHER];
    mock = await startOwn(await findPython(), args, desktop.env);
    await untilReady(mock, "the watcher", () => desktop.tray.nameIsOwned(WATCHER));
    const property = [WATCHER, "IsStatusNotifierHostRegistered"];
    // A watcher of another make may not even have the property.
    for (const name of NAMES) expect(await hostSeenBy(name, desktop.env)).toBe(false);
    await call("org.freedesktop.DBus.Mock.AddProperty", ...property, "<false>");
    for (const name of NAMES) expect(await hostSeenBy(name, desktop.env)).toBe(false);
    await call("org.freedesktop.DBus.Mock.UpdateProperties", WATCHER, "{'IsStatusNotifierHostRegistered': <true>}");
    for (const name of NAMES) expect(await hostSeenBy(name, desktop.env)).toBe(true);
    await mock.end();
    await desktop.tray.until("the watcher is gone", async () => !(await desktop.tray.nameIsOwned(WATCHER)));
  });

  it("is reported missing, and found when the panel comes late", async () => {
    const seen: string[] = [];
    const stop = new AbortController();
    let tellMissing: () => void = () => undefined;
    const missing = new Promise<void>((resolve) => {
      tellMissing = resolve;
    });
    const waited = waitForTrayHost({
      runProgram,
      env: desktop.env,
      platform: "linux",
      clock: createClock(),
      signal: stop.signal,
      session: "x11",
      onHost: () => void seen.push("host"),
      onMissing: () => {
        seen.push("missing");
        tellMissing();
      },
    });
    await missing;
    await desktop.startPanel();
    await waited;
    expect(seen).toEqual(["missing", "host"]);
    for (const name of NAMES) expect(await hostSeenBy(name, desktop.env)).toBe(true);
    await desktop.killPanel();
    for (const name of NAMES) expect(await hostSeenBy(name, desktop.env)).toBe(false);
  });

  it.each(NAMES)("is not there without a bus: %s", async (name) => {
    const env = { ...desktop.env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(desktop.home, "none")}` };
    expect(await hostSeenBy(name, env)).toBe(false);
    const byFolder = { ...desktop.env, DBUS_SESSION_BUS_ADDRESS: "" };
    expect(await hostSeenBy(name, byFolder)).toBe(false);
  });
});

describe.skipIf(skip)("a watcher that the bus would start when it is spoken to", () => {
  let folder: string;
  let env: Record<string, string>;
  let bus: OwnProcess | null = null;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pilot-light-bus-"));
    const services = join(folder, "dbus-1", "services");
    await mkdir(services, { recursive: true });
    const started = join(folder, "started.sh");
    await writeFile(started, `#!/bin/sh\necho started > ${join(folder, "started")}\n`, { mode: 0o755 });
    await writeFile(join(services, `${WATCHER}.service`), `[D-BUS Service]\nName=${WATCHER}\nExec=${started}\n`);
    env = {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_DATA_DIRS: folder,
      XDG_RUNTIME_DIR: folder,
    };
    bus = await startOwn("dbus-daemon", ["--session", "--nofork", "--print-address=1"], env);
    env = { ...env, DBUS_SESSION_BUS_ADDRESS: await firstLine(bus, "the bus") };
  });
  afterAll(async () => {
    await bus?.end();
    await rm(folder, { recursive: true, force: true });
  });

  const started = (): Promise<boolean> =>
    readFile(join(folder, "started")).then(
      () => true,
      () => false,
    );

  it("is not started by our looking", async () => {
    for (const name of NAMES) expect(await hostSeenBy(name, env)).toBe(false);
    expect(await started()).toBe(false);
    // The trap works: spoken to by its name, it would have been.
    const spoken = ["call", "--session", "--timeout", "2", "--dest", WATCHER, "--object-path", "/", "--method", "a.b"];
    await run("gdbus", spoken, { env }).catch(() => undefined);
    expect(await started()).toBe(true);
  });
});
