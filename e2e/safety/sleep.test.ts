/** Sleep and shutdown, told by a made-up logind: they wait for an answer that is under way, and nothing begins before them. */
import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { lookAtProcess } from "../support/proc.ts";
import type { Cleanup } from "../support/scene.ts";
import { until } from "../support/wait.ts";

/** What logind is asked, as gdbus prints it. */
const HOLD = "('sleep:shutdown', 'Pilot Light', 'Saving a renewed login', 'delay'";
const missing = await appMissing({
  "systemd-inhibit": "systemd",
  setpriv: "util-linux",
  "dbus-monitor": "dbus-bin",
});

/** A machine that can fall asleep, a home on it, and a provider. */
async function machine(test: Cleanup, env: Readonly<Record<string, string>> = {}) {
  const desktop = await startDesktop({ panel: false, logind: true });
  test.onTestFinished(() => desktop.close());
  const { DBUS_SYSTEM_BUS_ADDRESS: bus = "" } = desktop.env;
  const made = await appScene(test, desktop, { env: { ...env, DBUS_SYSTEM_BUS_ADDRESS: bus } });
  const held = async () => (await desktop.logind.inhibitors()).includes(HOLD);
  return { ...made, desktop, held };
}
type Machine = Awaited<ReturnType<typeof machine>>;

/** A keeper that listens; `suspend` resolves when it knows of it. */
interface Listening {
  readonly pid: number;
  suspend(): Promise<void>;
}
const KEEPERS: Readonly<Record<string, (made: Machine) => Promise<Listening>>> = {
  "the app": async ({ start, desktop: { logind } }) => {
    const app = await start("--hidden");
    await logind.listenedTo();
    return {
      pid: app.pid,
      suspend: async () => {
        await logind.suspend();
        // Electron lets go of its own lock as soon as it has told everyone in the app.
        await until("the app knows", async () => !(await logind.inhibitors()).includes("'sleep',"));
      },
    };
  },
  run: async ({ home, desktop: { logind } }) => {
    const run = home.start("run", "--log-level", "debug");
    await run.prints("listening for sleep");
    return {
      pid: run.pid,
      suspend: async () => {
        await logind.suspend();
        await run.prints("about to sleep");
      },
    };
  },
};

describe.skipIf(missing).each(Object.entries(KEEPERS))("%s", (_name, begin) => {
  it("asks the system to wait for a slow answer, saves it, and lets it go", async (test) => {
    const made = await machine(test);
    const { server, home, held } = made;
    const login = await server.issue();
    await server.script("token", { kind: "ordinary", gateAfter: "answer" });
    const keeper = await begin(made);
    expect(await held()).toBe(false);
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    await server.seen("token", 1);
    await until("the system is asked to wait", held);

    await keeper.suspend();
    expect(await held()).toBe(true);
    await server.release("answer");
    await until("the answer was saved", async () => (await home.pair())?.refresh !== login.refresh);
    await until("the system may sleep", async () => !(await held()));
    expect(await server.standing((await home.pair())?.refresh ?? "")).toMatchObject({ current: true, revoked: false });
    expect(await server.redemptions(login.refresh)).toBe(1);
  });

  it("refreshes what comes due before the sleep once, and only after it", async (test) => {
    const made = await machine(test);
    const { server, home, desktop } = made;
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const keeper = await begin(made);
    await until("the keeper runs", async () => (await home.published())?.accounts[0]?.state === "healthy");
    await keeper.suspend();
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    await until("it is known to be due", async () => (await home.published())?.accounts[0]?.state === "due");
    const known = Date.now();
    // It is refreshed within a moment otherwise.
    await until("time went by", () => Date.now() > known + 3_000);
    expect(await server.requests()).toEqual([]);

    await desktop.logind.resume();
    await until("it was refreshed", async () => (await home.pair())?.refresh !== login.refresh, 60_000);
    expect(await server.requests("token")).toHaveLength(1);
  });

  it("leaves no process behind when it is killed in the middle of an answer", async (test) => {
    const made = await machine(test);
    const { server, home, desktop, held } = made;
    const login = await server.issue();
    await server.script("token", { kind: "hang", after: false });
    const keeper = await begin(made);
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    await server.seen("token", 1);
    await until("the system is asked to wait", held);
    expect(await heirs(desktop, home.home)).not.toEqual([]);
    process.kill(keeper.pid, "SIGKILL");
    await until("nothing of it is left", async () => (await heirs(desktop, home.home)).length === 0);
    await until("the system may sleep", async () => !(await held()));
  });
});

describe.skipIf(missing)("the app at a shutdown", () => {
  it("saves the answer that is under way, lets the system go, and ends", async (test) => {
    const { server, home, start, desktop, held } = await machine(test);
    const login = await server.issue();
    await server.script("token", { kind: "ordinary", gateAfter: "answer" });
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    const app = await start("--hidden");
    await server.seen("token", 1);
    await until("the system is asked to wait", held);
    await desktop.logind.listenedTo("electron");
    await desktop.logind.shutDown();
    await server.release("answer");
    expect(await app.ended).toBe(0);
    expect((await home.pair())?.refresh).not.toBe(login.refresh);
    await until("the system may go", async () => !(await held()));
  });
});

describe.skipIf(missing)("run", () => {
  it("ends at once when it is told to, however it listens, and nothing is left of it", async (test) => {
    const { home, desktop } = await machine(test);
    const run = home.start("run", "--log-level", "debug");
    await run.prints("listening for sleep");
    run.kill("SIGTERM");
    expect(await run.ended).toMatchObject({ code: 0 });
    await until("nothing of it is left", async () => (await heirs(desktop, home.home)).length === 0);
  });

  it("hears of sleep by dbus-monitor where there is no gdbus", async (test) => {
    const bin = await mkdtemp(join(tmpdir(), "pilot-light-bin-"));
    test.onTestFinished(() => rm(bin, { recursive: true, force: true }));
    for (const name of ["setpriv", "dbus-monitor", "systemd-inhibit", "cat"]) {
      await symlink(join("/usr/bin", name), join(bin, name));
    }
    const { home, desktop } = await machine(test, { PATH: bin });
    const run = home.start("run", "--log-level", "debug");
    await run.prints('"by":"dbus-monitor"');
    await desktop.logind.suspend();
    await run.prints("about to sleep");
    await desktop.logind.resume();
    await run.prints("woke up");
  });
});

describe.skipIf(missing)("a command", () => {
  it.for(["refresh", "run --once"])("(%s) asks the system to wait for its answer", async (words, test) => {
    const { server, home, held } = await machine(test);
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    await server.script("token", { kind: "ordinary", gateAfter: "answer" });
    const command = home.start(...words.split(" "));
    await server.seen("token", 1);
    await until("the system is asked to wait", held);
    await server.release("answer");
    expect(await command.ended).toMatchObject({ code: 0 });
    await until("the system may sleep", async () => !(await held()));
  });
});

/** Command lines of the processes in this home. */
async function heirs({ env }: Desktop, home: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const look = await lookAtProcess(Number(name));
    if (look?.environ.split("\0").includes(`HOME=${home}`) !== true) continue;
    if (look.environ.includes(env["DBUS_SYSTEM_BUS_ADDRESS"] ?? "")) found.push(look.cmdline);
  }
  return found;
}
