/** `completion` in the real shells: what the Tab key makes of a line, and what that line then does. */
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CLI, type CliHome, spawnCli } from "../support/cli.ts";
import { inCi, onPath } from "../support/needs.ts";
import { type Cleanup, scene } from "../support/scene.ts";
import { onTerminal } from "../support/terminal.ts";

/** Two logins, "my work" and "private"; the program is on the path. */
async function home(cleanup: Cleanup): Promise<{ readonly home: CliHome; readonly env: NodeJS.ProcessEnv }> {
  const made = await scene(cleanup);
  const records: object[] = [];
  for (const [id, label] of [
    ["acc_0f8f", "my work"],
    ["acc_7b2c", "private"],
  ]) {
    const times = { createdAt: 1, updatedAt: 1, health: { successCount: 0, failureCount: 0 } };
    const { access, refresh, expires } = await made.server.issue();
    records.push({ id, label, access, refresh, expires, ...times });
  }
  await made.home.putEntries({
    version: 2,
    providers: { anthropic: { type: "oauth", active: {}, order: {}, records } },
  });
  const bin = join(made.home.home, "bin");
  await mkdir(bin);
  await symlink(CLI, join(bin, "pilot-light"));
  await made.home.run("pause", "private");
  return { home: made.home, env: { ...made.home.env, PATH: `${bin}:${made.home.env["PATH"] ?? ""}` } };
}

async function missing(shell: string): Promise<boolean> {
  if (inCi() || (await onPath(shell))) return false;
  console.warn(`SKIPPED: no ${shell} here; apt-get install ${shell}`);
  return true;
}

const INTERACTIVE = [
  ["bash", "bash --norc --noprofile -i", "source <(pilot-light completion bash)"],
  ["zsh", "zsh -f -i", "autoload -Uz compinit; compinit -D -u; source <(pilot-light completion zsh)"],
] as const;

describe.each(INTERACTIVE)("%s", async (shell, start, source) => {
  describe.skipIf(await missing(shell)).concurrent("completes at the Tab key", () => {
    const open = async (cleanup: Cleanup & { readonly onTestFinished: (done: () => void) => void }) => {
      const { home: place, env } = await home(cleanup);
      const terminal = onTerminal(start, { ...env, PS1: "$ ", HISTFILE: "" }, place.home);
      cleanup.onTestFinished(() => terminal.close());
      terminal.type(`${source}; echo READY=$?\r`);
      await terminal.draws("READY=0");
      /** Types a line, each Tab only once `shown` was drawn after the one before. */
      const line = async (parts: readonly (readonly [typed: string, shown: RegExp])[]) => {
        for (const [typed, shown] of parts) {
          const from = terminal.drawn().length;
          terminal.type(typed);
          await terminal.draws(shown, from);
        }
      };
      return { terminal, line };
    };

    it.concurrent("a command, a flag and its value", async (context) => {
      const { line } = await open(context);
      await line([
        ["pilot-light stat\t", /us\b/],
        ["--for\t", /mat\b/],
        ["wa\t", /ybar\b/],
        ["\r", /"class":"paused"/],
      ]);
    });

    it.concurrent("a label with a blank, as one word", async (context) => {
      const { line } = await open(context);
      await line([
        ["pilot-light pause my\t", /\\ work\b/],
        ["\r", /anthropic\/acc_0f8f: Pings are paused/],
      ]);
    });

    it.concurrent("an ID, and a key of the settings with its value", async (context) => {
      const { line } = await open(context);
      await line([
        ["pilot-light resume anthropic/acc_7\t", /b2c\b/],
        ["\r", /anthropic\/acc_7b2c: Pings are on again/],
        ["pilot-light settings set ping.m\t", /ode\b/],
        ["pro\t\r", /ping\.mode is now "profile"/],
      ]);
    });
  });
});

describe.skipIf(await missing("fish"))("fish", () => {
  it("completes commands, flags, labels and IDs", async (context) => {
    const { home: place, env } = await home(context);
    const completed = async (line: string) => {
      const script = `pilot-light completion fish | source; complete -C '${line}'`;
      const { code, stdout, stderr } = await spawnCli("fish", ["--no-config", "-c", script], env, place.home).ended;
      expect([code, stderr]).toEqual([0, ""]);
      return stdout;
    };
    expect(await completed("pilot-light stat")).toBe("status\tshow all logins; --watch: at each change\n");
    expect(await completed("pilot-light status --for")).toBe("--format\n");
    expect(await completed("pilot-light ping --ping=pro")).toBe("--ping=profile\n");
    expect((await completed("pilot-light refresh ")).split("\n").sort()).toEqual([
      "",
      "anthropic/acc_0f8f\tmy work",
      "anthropic/acc_7b2c\tprivate",
      "my work\tanthropic/acc_0f8f",
      "private\tanthropic/acc_7b2c",
    ]);
    expect(await completed('pilot-light refresh "my')).toContain("my work\tanthropic/acc_0f8f");
    expect(await completed("pilot-light refresh my\\\\ w")).toContain("my work\tanthropic/acc_0f8f");
    expect(await completed("pilot-light refresh my\\\\ work anth")).toBe("anthropic/acc_7b2c\tprivate\n");
    expect(await completed("pilot-light status --state-dir bi")).toContain("bin/");
  });
});

describe.concurrent("the call behind it", () => {
  it.concurrent("makes nothing, says nothing of what is broken, and goes by the flags of the line", async (context) => {
    const { home: place } = await scene(context);
    const none = await place.run("__complete", "--", "refresh", "--auth-file", "/nowhere", "");
    expect(none).toMatchObject({ code: 0, stdout: "", stderr: "" });
    await place.putEntries({ anthropic: 5 });
    expect(await place.run("__complete", "refresh", "")).toMatchObject({ code: 0, stderr: "" });
  });
});
