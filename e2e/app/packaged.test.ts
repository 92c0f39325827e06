import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, cp, mkdir, mkdtemp, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { _electron } from "playwright";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { snapshotSchema } from "../../app/shared/login/snapshot.ts";
import { appMissing, driven } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { textOf } from "../support/files.ts";
import { authFileIn } from "../support/home.ts";
import { collect } from "../support/output.ts";
import { type Cleanup } from "../support/scene.ts";
import { startTokenServer, type TokenServer } from "../support/server/token-server.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing({ "desktop-file-validate": "desktop-file-utils", gio: "libglib2.0-bin" });

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const isRoot = process.getuid?.() === 0;
/** Of no group, and owner of nothing. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const BECOME = ["--reuid", String(NOBODY.uid), "--regid", String(NOBODY.gid), "--clear-groups", "--"];

/** The package as `npm run package:dir` makes it, at a place where every user may read it. */
interface Packaged {
  readonly folder: string;
  readonly executable: string;
}

/** An ordinary user of the desktop, with a login of their own. */
interface User {
  readonly env: Readonly<Record<string, string>>;
  readonly authFile: string;
  readonly startFile: string;
  readonly server: TokenServer;
  /** Starts a program as that user; it ends with the test. @returns its exit code when it has ended. */
  start(program: string, ...args: readonly string[]): { readonly ended: Promise<number | null>; printed(): string };
  refreshToken(): Promise<string>;
  keeperPid(): Promise<number | null>;
}

describe.skipIf(missing)("the packaged app, as an ordinary user starts it", () => {
  let desktop: Desktop;
  let release: Packaged;
  let test: Packaged;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true });
    release = await packaged("release");
    test = await packaged("test");
  }, 240_000);
  afterAll(async () => {
    await desktop?.close();
    for (const each of [release, test]) if (each !== undefined) await rm(each.folder, { recursive: true, force: true });
  });

  it("starts hidden, refreshes, is started by the entry that its switch wrote, and is no longer once switched off", async (context) => {
    const user = await ordinaryUser(context, desktop);
    const login = await user.server.issue();
    await putLogin(user, oauthEntry(expired(login)));
    const first = user.start(release.executable, "--hidden", "--inspect=0");
    await until("it refreshed the login", async () => (await user.refreshToken()) !== login.refresh);
    expect(await user.server.redemptions(login.refresh)).toBe(1);

    await desktop.tray.click("Start at login");
    const entry = await until("the start file is there", () => textOf(user.startFile));
    expect(entry).toContain("X-Pilot-Light-Managed=true");
    expect(entry).toMatch(/^Exec=.*--hidden$/m);
    await run("desktop-file-validate", [user.startFile]);
    await desktop.tray.menuShows("the switch is on", (menu) =>
      menu.some(({ label, toggleState }) => label === "Start at login" && toggleState === 1),
    );
    await desktop.tray.click("Quit");
    expect(await first.ended).toBe(0);
    expect(first.printed()).not.toMatch(/debugger|inspector/i);
    await desktop.tray.until("the item is gone", async () => (await desktop.tray.items()).length === 0);

    // As the session does at login: from the file, by the desktop's own reader.
    user.start("gio", "launch", user.startFile);
    await desktop.tray.item();
    const before = await user.refreshToken();
    await desktop.tray.click("Refresh now");
    await until("it refreshed again", async () => (await user.refreshToken()) !== before);
    await desktop.tray.click("Start at login");
    await until("the start file is gone", async () => (await textOf(user.startFile)) === null);
    const pid = await user.keeperPid();
    await desktop.tray.click("Quit");
    await desktop.tray.until("the item is gone", async () => (await desktop.tray.items()).length === 0);
    await until("its process has ended", async () => pid !== null && !(await lives(pid)));
  });

  it("shows its window from inside the package, in Chromium's sandbox", async (context) => {
    const user = await ordinaryUser(context, desktop);
    const login = await user.server.issue();
    await putLogin(user, oauthEntry(login));
    const app = driven(
      await _electron.launch({
        executablePath: await asUser(context, test.executable),
        chromiumSandbox: true,
        env: { ...user.env },
        cwd: "/",
        timeout: 30_000,
      }),
    );
    context.onTestFinished(() => app.kill());
    const page = await app.window();
    expect(page.url()).toContain("app.asar/out/renderer/index.html");
    await page.getByRole("button", { name: /^Refresh now/ }).click();
    await until("it was refreshed", async () => (await user.refreshToken()) !== login.refresh);
    expect(await user.server.redemptions(login.refresh)).toBe(1);

    const state = await app.electron.evaluate(({ app: electron, webContents }) => ({
      packaged: electron.isPackaged,
      unsandboxed: electron.commandLine.hasSwitch("no-sandbox"),
      main: process.pid,
      page: webContents.getAllWebContents()[0]?.getOSProcessId() ?? 0,
    }));
    expect(state).toMatchObject({ packaged: true, unsandboxed: false });
    const status = await readFile(`/proc/${state.page}/status`, "utf8");
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(status).toMatch(/^CapEff:\s+0+$/m);
    expect(await readlink(`/proc/${state.page}/ns/user`)).not.toBe(await readlink(`/proc/${state.main}/ns/user`));
    if (isRoot) expect((await stat(`/proc/${state.main}`)).uid).toBe(NOBODY.uid);
    expect(await app.stop()).toBe(0);
  });
});

async function packaged(flavour: "release" | "test"): Promise<Packaged> {
  const words = flavour === "test" ? ["--test"] : [];
  await run(process.execPath, [join(root, "scripts", "package", "dir.mjs"), ...words], { cwd: root, timeout: 120_000 });
  const folder = await mkdtemp(join(tmpdir(), "pilot-light-packaged-"));
  await chmod(folder, 0o755);
  const from = join(root, "release", ...(flavour === "test" ? ["test"] : []), "linux-unpacked");
  await cp(from, join(folder, "app"), { recursive: true });
  return { folder, executable: join(folder, "app", "pilot-light") };
}

async function ordinaryUser({ onTestFinished }: Cleanup, desktop: Desktop): Promise<User> {
  const server = await startTokenServer();
  onTestFinished(() => server.close());
  const theirs = isRoot ? await desktop.envFor(NOBODY) : desktop.env;
  const env: Readonly<Record<string, string>> = {
    ...theirs,
    PILOT_LIGHT_TOKEN_URL: server.tokenUrl,
    PILOT_LIGHT_API_URL: server.apiUrl,
    PILOT_LIGHT_PING: "off",
  };
  const home = env["HOME"] ?? "";
  const authFile = authFileIn(home);
  onTestFinished(() => rm(join(home, ".local"), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return {
    env,
    server,
    authFile,
    startFile: join(home, ".config", "autostart", "pilot-light.desktop"),
    start(program, ...args) {
      const [file, words] = isRoot ? ["setpriv", [...BECOME, program, ...args]] : [program, args];
      const child = spawn(file, words, { env, cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
      const { printed } = collect(child);
      const ended = once(child, "exit").then(() => child.exitCode);
      onTestFinished(async () => {
        if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
        await ended;
      });
      return { ended, printed };
    },
    async refreshToken() {
      const schema = v.object({ anthropic: v.object({ refresh: v.string() }) });
      return v.parse(schema, JSON.parse((await textOf(authFile)) ?? "null")).anthropic.refresh;
    },
    async keeperPid() {
      const text = await textOf(join(home, ".local", "state", "pilot-light", "status.json"));
      return text === null ? null : v.parse(snapshotSchema, JSON.parse(text)).keeper.pid;
    },
  };
}

async function putLogin({ authFile }: User, entry: Readonly<Record<string, unknown>>): Promise<void> {
  await mkdir(dirname(authFile), { recursive: true });
  await writeFile(authFile, JSON.stringify({ anthropic: entry }), { mode: 0o600 });
  if (!isRoot) return;
  const home = dirname(dirname(dirname(dirname(authFile))));
  for (let path = authFile; path !== home; path = dirname(path)) await chown(path, NOBODY.uid, NOBODY.gid);
}

/** Playwright starts a program by its path alone: one that becomes the user first. */
async function asUser({ onTestFinished }: Cleanup, executable: string): Promise<string> {
  if (!isRoot) return executable;
  const folder = await mkdtemp(join(tmpdir(), "pilot-light-as-user-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const script = join(folder, "start");
  await writeFile(script, `#!/bin/sh\nexec setpriv ${BECOME.join(" ")} '${executable}' "$@"\n`, { mode: 0o755 });
  return script;
}

async function lives(pid: number): Promise<boolean> {
  return (await textOf(`/proc/${pid}/stat`)) !== null;
}
