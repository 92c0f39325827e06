/** `status --watch` and `--format waybar`: real processes, a real terminal, a real keeper. */
import { describe, expect, it } from "vitest";
import { CLI, type CliHome } from "../support/cli.ts";
import { oauthEntry } from "../support/entries.ts";
import { loginOf, scene, sceneWithLogin } from "../support/scene.ts";
import { onTerminal, type Terminal } from "../support/terminal.ts";
import { until } from "../support/wait.ts";

function watchOnTerminal(home: CliHome, onTestFinished: (done: () => void) => void): Terminal {
  const terminal = onTerminal(`'${process.execPath}' '${CLI}' status --watch`, home.env, home.home);
  onTestFinished(() => terminal.close());
  return terminal;
}

describe.concurrent("status --watch", () => {
  it.concurrent("draws each change in place on a terminal, and ends with Ctrl+C and 0", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    const terminal = watchOnTerminal(home, context.onTestFinished);
    await terminal.draws("healthy");
    await home.run("pause", "anthropic");
    await terminal.draws(/paused/);
    await home.run("settings", "set", "names.anthropic", "work");
    await terminal.draws(/LABEL[^]*work/);
    terminal.type("\u0003");
    expect(await terminal.ended).toBe(0);
    const [, after = ""] = terminal.drawn().split("\u001b[?1049l");
    expect(after).toMatch(/work +anthropic .*paused/);
  });

  it.concurrent("waits for a file that is not there yet, and tells of it in a pipe", async (context) => {
    const { home, server } = await scene(context);
    const watch = home.start("status", "--watch");
    await watch.prints("No auth.json yet.");
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    await watch.prints("healthy");
    watch.kill("SIGINT");
    const { code, stdout, stderr } = await watch.ended;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).not.toContain("\u001b");
  });

  it.concurrent("hears of what a keeper does, as JSON lines", async (context) => {
    const { home } = await sceneWithLogin(context);
    const watch = home.start("status", "--watch", "--json");
    await watch.prints('"state":"due"');
    const keeper = home.start("run");
    await watch.prints('"running":true');
    await watch.prints('"state":"healthy"');
    watch.kill();
    const { code, stdout } = await watch.ended;
    expect(code).toBe(0);
    for (const line of stdout.trimEnd().split("\n")) expect(JSON.parse(line)).toMatchObject({ version: 1 });
    keeper.kill();
    await keeper.ended;
  });
});

describe.concurrent("status --format waybar", () => {
  it.concurrent("is one line with 0, also where a login needs you, since a bar hides all else", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    await home.run("settings", "set", "names.anthropic", "<b>&\u001b[31m");
    const { code, stdout } = await home.run("status", "--format", "waybar");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\{"text":[^\n]+\}\n$/);
    const bar: unknown = JSON.parse(stdout);
    expect(bar).toMatchObject({ text: "1 login, well", class: "well" });
    expect(bar).toMatchObject({ tooltip: expect.stringMatching(/^anthropic · &lt;b&gt;&amp;\?\[31m: until /) });
    await home.putEntries({
      anthropic: { type: "oauth", refresh: "", access: "", expires: 0 },
      work: { type: "oauth" },
    });
    await until("it is seen", async () => (await loginOf(home, "work")).state !== "healthy");
    const worse = await home.run("status", "--format", "waybar");
    expect(worse.code).toBe(0);
    expect(JSON.parse(worse.stdout)).not.toMatchObject({ class: "well" });
  });

  it.concurrent("is one line for each change with --watch, and ends with 0", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    const bar = home.start("status", "--format", "waybar", "--watch");
    await bar.prints('"class":"well"');
    await home.run("pause", "anthropic");
    await bar.prints('"class":"paused"');
    bar.kill("SIGTERM");
    const { code, stdout } = await bar.ended;
    expect(code).toBe(0);
    const classes = stdout
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { class: string }).class);
    expect(classes).toEqual(["well", "paused"]);
  });
});
