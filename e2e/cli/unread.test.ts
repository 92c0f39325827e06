import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { CLI, type CliHome } from "../support/cli.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { type Cleanup, sceneWithLogin } from "../support/scene.ts";
import { until } from "../support/wait.ts";

/** A name that fills whatever stands between us and who reads. */
const LONG = "x".repeat(500_000);

function start(
  context: Cleanup,
  { home, env }: CliHome,
  program: string,
  args: readonly string[],
  stdio: "pipe" | ["pipe", "pipe", "pipe"],
): ChildProcess {
  const child = spawn(program, args, { cwd: home, env, stdio });
  context.onTestFinished(async () => void child.kill("SIGKILL"));
  return child;
}

describe.concurrent("a keeper whose lines nobody reads", () => {
  const running = (home: CliHome) =>
    until("it keeps the login", async () => (await home.published())?.keeper.running === true);

  it.concurrent("goes on, and ends when it is asked to", async (context) => {
    const { home, server, login } = await sceneWithLogin(context, { healthy: true });
    const keeper = start(context, home, process.execPath, [CLI, "run"], "pipe");
    await running(home);
    await home.putEntries({ [LONG]: oauthEntry(login), anthropic: oauthEntry(expired(login)) });
    await until("it is refreshed", async () => (await server.redemptions(login.refresh)) === 1);
    await until("it is in the file", async () => (await home.pair())?.refresh !== login.refresh);
    const ended = once(keeper, "exit");
    keeper.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect((await home.published())?.keeper.running).toBe(false);
  });

  it.concurrent("goes on when its terminal stands still", async (context) => {
    const { home, server, login } = await sceneWithLogin(context, { healthy: true });
    const terminal = start(
      context,
      home,
      "script",
      ["-qfc", `exec ${process.execPath} ${CLI} run`, "/dev/null"],
      "pipe",
    );
    terminal.stdout?.resume();
    await running(home);
    terminal.kill("SIGSTOP");
    await home.putEntries({ [LONG]: oauthEntry(login), anthropic: oauthEntry(expired(login)) });
    await until("it is refreshed", async () => (await server.redemptions(login.refresh)) === 1);
  });
});
