/** The real app on a desktop of its own, put to sleep by its system in the middle of a refresh. */
import { setTimeout as pause } from "node:timers/promises";
import { appScene } from "../../e2e/support/app.ts";
import { startDesktop } from "../../e2e/support/desktop/desktop.ts";
import { expired, oauthEntry } from "../../e2e/support/entries.ts";
import { textOf } from "../../e2e/support/files.ts";
import { until } from "../../e2e/support/wait.ts";
import { look, truthOf } from "../support/look.ts";
import { standstill } from "../support/traced/standstill.ts";
import { fileWrongs, sentWrongs, shownWrongs, whereIs } from "../support/verdict.ts";
import { type Outcome, wasReused } from "./round.ts";

const GATE = "it sleeps";
const PATIENCE_MS = 90_000;

/** Sleeps so many ms, unhelped, while the answer lies in the socket; then the app must have the login. */
export async function appSleeps(ms: number): Promise<Outcome> {
  const ends: (() => Promise<void>)[] = [];
  const cleanup = { onTestFinished: (end: () => Promise<void>) => void ends.push(end) };
  try {
    const desktop = await startDesktop({ panel: false, logind: true });
    ends.push(() => desktop.close());
    const { server, home, start } = await appScene(cleanup, desktop);
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const app = await start("--hidden");
    await until("the keeper runs", async () => (await home.published())?.accounts[0]?.state === "healthy", PATIENCE_MS);
    await desktop.logind.listenedTo(undefined, PATIENCE_MS);
    await server.script("token", { kind: "ordinary", gateAfter: GATE });
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    const before = (await textOf(home.authFile)) ?? "";
    await server.seen("token", 1);
    await desktop.logind.suspend();
    const stood = await standstill(app.pid, async () => {
      await server.release(GATE);
      await pause(ms);
    });
    await desktop.logind.resume();
    await until(
      "the app is done with the login",
      async () => {
        const state = (await home.published())?.accounts[0]?.state;
        const newest = (await server.standing(login.refresh)).newest;
        return (state === "healthy" && (await home.pair())?.refresh === newest) || state === "outcomeUnknown";
      },
      PATIENCE_MS,
    );
    await app.stop();
    const { code } = await home.run("run", "--once");
    const state = (await home.status()).accounts[0]?.state ?? "none";
    const [truth, disk] = [await truthOf(server, "anthropic", login.refresh), await look(home)];
    const lost = truth.revoked || whereIs(truth, disk) === "nowhere";
    const wrong = [
      ...sentWrongs(truth, () => 1),
      ...shownWrongs(truth, disk, { state, exit: code }),
      ...fileWrongs(before, [], disk),
    ];
    return { stood, lost, reused: wasReused(truth), wrong: lost ? [...wrong, "the login is lost"] : wrong };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}
