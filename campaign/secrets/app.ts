/** The app with its window and its tray, while it refreshes, pings, is refused, loses its page and crashes. */
import { type App, startApp } from "../../e2e/support/app.ts";
import { type Desktop, startDesktop } from "../../e2e/support/desktop/desktop.ts";
import { type RecordedBus, recordBus } from "../../e2e/support/desktop/record-bus.ts";
import { expired, oauthEntry } from "../../e2e/support/entries.ts";
import { textOf } from "../../e2e/support/files.ts";
import { foundInMemory } from "../../e2e/support/process-memory.ts";
import { endLogin, MARK, refreshAndPing } from "../../e2e/support/secrets/planted.ts";
import type { IssuedPair } from "../../e2e/support/server/token-authority.ts";
import { until } from "../../e2e/support/wait.ts";
import { descendantsOf } from "../support/descendants.ts";
import type { Act, Stage } from "./acts.ts";
import { crash } from "./cores.ts";
import { seekerOf } from "./seeker.ts";

export const APP_ACT: Act = { name: "the app", short: false, play };

async function play(stage: Stage): Promise<void> {
  const desktop = await startDesktop({ panel: true, windowManager: true, logind: true });
  const buses: RecordedBus[] = [];
  try {
    for (const bus of ["session", "system"] as const) buses.push(await recordBus(desktop.env, bus));
    await withApp(stage, desktop);
    for (const bus of buses) stage.evidence.add("D-Bus", bus.recorded());
    if (!buses.some((bus) => bus.recorded().includes("Refresh now"))) stage.found("the tray was not seen on D-Bus");
  } finally {
    for (const bus of buses) await bus.close();
    await desktop.close();
  }
}

async function withApp(stage: Stage, desktop: Desktop): Promise<void> {
  const { server, home, evidence } = stage;
  const [login, ended] = [await server.issue(), await server.issue()];
  await home.putEntries({ anthropic: oauthEntry(login) });
  const app = await startApp({ ...desktop.env, ...home.env, PILOT_LIGHT_PING: "message" }, ["--log-level", "debug"]);
  try {
    const page = await app.window();
    const look = async (): Promise<void> => {
      evidence.add("the page", (await page.content()) + (await page.locator("body").innerText()));
    };
    const scene = { page, home, server };
    const fresh = await refreshAndPing(scene, login);
    await look();
    await desktop.logind.suspend();
    await desktop.logind.resume();
    await endLogin(scene, desktop.tray, ended);
    await look();
    await memories(
      stage,
      app,
      [login, ended, fresh].flatMap((pair) => (pair ? [pair.refresh, pair.access] : [])),
    );
    await pageCrashes(stage, app);
    await appCrashes(stage, app);
  } finally {
    await app.kill();
    evidence.add("the app's output", app.printed());
  }
}

/** The keeper's own process has the tokens in hand, and no other one of the app has. */
async function memories(stage: Stage, app: App, tokens: readonly string[]): Promise<void> {
  const needles = seekerOf(tokens).needles;
  if ((await foundInMemory(app.pid, tokens)).length === 0) stage.found("the search of memory finds nothing anywhere");
  for (const [pid, line] of await descendantsOf(app.pid)) {
    const found = await foundInMemory(pid, needles).catch(() => []);
    stage.count("processes' memories");
    if (found.length > 0) stage.found(`${found.length} secrets in the memory of ${kindOf(line)}`);
  }
}

function kindOf(line: string): string {
  return /--type=([\w-]+)/.exec(line)?.[1] ?? "a child without a type";
}

/** Its crash reports, if there are any, stand in the home, and are looked at with all other files. */
async function pageCrashes(stage: Stage, app: App): Promise<void> {
  const [pid] = await app.electron.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => contents.getOSProcessId()),
  );
  if (pid === undefined || pid <= 0) return;
  process.kill(pid, "SIGSEGV");
  await until("the page is gone", async () => !(await isAlive(pid)));
  stage.count("crashes");
}

async function isAlive(pid: number): Promise<boolean> {
  const status = await textOf(`/proc/${pid}/status`);
  return status !== null && !/^State:\s+[ZX]/m.test(status);
}

async function appCrashes(stage: Stage, app: App): Promise<void> {
  const { server, home } = stage;
  const due: IssuedPair = await server.issue();
  const seen = (await server.requests("token")).length;
  await server.script("token", { kind: "ordinary", gateAfter: "the app crashes" });
  await home.putEntries({ anthropic: oauthEntry(expired(due)) });
  await server.seen("token", seen + 1);
  const { dumped, found } = await crash(app, "SIGABRT", home.home, [due.refresh, due.access, MARK]);
  await server.release("the app crashes");
  stage.count("crashes");
  if (dumped > 0) stage.count("core dumps");
  if (found > 0) stage.found("a token in the core dump of the app");
}
