/** What is done with planted secrets, each act in a home of its own. */
import { appendFile, mkdir, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CLI, type CliHome, type Ended, spawnCli } from "../../e2e/support/cli.ts";
import { expired, oauthEntry } from "../../e2e/support/entries.ts";
import { filesBelow, putBytes } from "../../e2e/support/scene.ts";
import { keeperRefreshed, LINES, MARK, plant, plantClaude, quotingPings } from "../../e2e/support/secrets/planted.ts";
import { quotingAnswers } from "../../e2e/support/secrets/quoting.ts";
import type { IssuedPair } from "../../e2e/support/server/token-authority.ts";
import type { TokenServer } from "../../e2e/support/server/token-server.ts";
import { crash } from "./cores.ts";
import type { Evidence } from "./evidence.ts";

export interface Stage {
  readonly home: CliHome;
  readonly server: TokenServer;
  readonly evidence: Evidence;
  /** With --log-level debug; what it prints is evidence. */
  run(...args: readonly string[]): Promise<Ended>;
  /** Something seen besides that must not be. */
  found(what: string): void;
  /** One thing that was done, and that the table names. */
  count(what: string): void;
}

export interface Act {
  readonly name: string;
  /** Is it in the short form, too? */
  readonly short: boolean;
  play(stage: Stage): Promise<void>;
}

/** A secret of another program: in no format that we know, with characters that have to be escaped. */
const secret = (what: string): string => `${what}-${MARK}-01"23/45\\67+89=abcdefghijklmnopqrstuvwxyz`;

const planted = ({ home, server }: Stage): Promise<IssuedPair> => plant(home, server, secret);

const SHORT_LINES = 6;

async function everyCommand(stage: Stage, lines: readonly string[]): Promise<void> {
  const { home, evidence } = stage;
  await planted(stage);
  await plantClaude(home, secret);
  const keeper = home.start("run", "--log-level", "debug");
  await keeperRefreshed(home);
  for (const line of ["refresh anthropic", ...lines]) await stage.run(...line.split(" "));
  keeper.kill("SIGTERM");
  evidence.terminal("run", await keeper.ended);
  stage.count("keepers");
}

/** The same on a terminal, where lines are drawn and coloured otherwise. */
async function onTerminal(stage: Stage): Promise<void> {
  await planted(stage);
  for (const line of ["refresh anthropic --log-level debug", "status"]) {
    const command = `'${process.execPath}' '${CLI}' ${line}`;
    const env = { ...stage.home.env, TERM: "xterm-256color", COLUMNS: "60" };
    const ended = await spawnCli("script", ["-qec", command, "/dev/null"], env, stage.home.home).ended;
    if (ended.stdout === "") stage.found(`nothing came from the terminal of "${line}"`);
    stage.evidence.terminal(`${line}, on a terminal`, ended);
    stage.count("terminals");
  }
}

function answered([name, , answer]: (typeof quotingAnswers)[number], at: number): Act {
  return {
    name: `the token endpoint: ${name}`,
    short: at < 1,
    async play(stage) {
      const { refresh } = await planted(stage);
      await stage.server.script("token", answer(refresh, stage.server));
      await stage.run("refresh", "anthropic");
      stage.count("answers that quote a token");
      await stage.run("history", "--json");
    },
  };
}

/** In every header that a client may look at, and in bodies of every kind. */
async function pings(stage: Stage): Promise<void> {
  await planted(stage);
  await stage.run("refresh", "anthropic");
  await quotingPings(stage.home, stage.server, async (...args) => {
    await stage.run(...args);
    stage.count("pings that quote a token");
  });
}

/** Labels are shown; one that is a token is not. */
async function labels(stage: Stage): Promise<void> {
  const { server, home } = stage;
  const [due, well] = [expired(await server.issue()), await server.issue()];
  const record = (id: string, { refresh, access, expires }: Omit<IssuedPair, "accountUuid">, label: string): string =>
    JSON.stringify({
      id,
      namespace: "default",
      label,
      refresh,
      access,
      expires,
      createdAt: 1_700_000_000_000,
      updatedAt: 1_700_000_000_001,
      health: { successCount: 3, failureCount: 0 },
    });
  const records = [record("A", due, due.access), record("B", well, `mine ${well.refresh}`)].join(",");
  await putBytes(
    home,
    `{"version":2,"providers":{"anthropic":{"type":"oauth","active":{"default":"A"},"order":{"default":["A"]},"records":[${records}]}}}`,
  );
  for (const line of ["run --once", "status", "status --json", "accounts", "history"])
    await stage.run(...line.split(" "));
  stage.count("labels that are tokens");
}

/** Files that nobody understands any more: nothing is quoted of them. */
async function damaged(stage: Stage): Promise<void> {
  const { home } = stage;
  const login = await planted(stage);
  await stage.run("refresh", "anthropic");
  for (const name of (await filesBelow(home.stateDir)).keys()) {
    const path = join(home.stateDir, name);
    if (path.startsWith(`${home.journal}/`)) await appendFile(path, `{"refresh":"${secret("journal")}"`);
    else await truncate(path, 25);
    stage.count("damaged files");
  }
  for (const line of ["status", "doctor --json", "refresh anthropic", "history"]) await stage.run(...line.split(" "));
  await mkdir(dirname(home.settingsFile), { recursive: true });
  await writeFile(home.settingsFile, "{");
  const good = JSON.stringify({ anthropic: oauthEntry(login) });
  for (const text of [secret("no json"), `${good} ${secret("more")}`, `\ufeff${good}`, good.slice(0, -9)]) {
    await writeFile(home.authFile, text);
    for (const line of ["status", "refresh anthropic"]) await stage.run(...line.split(" "));
    stage.count("damaged files");
  }
}

/** Ended in the middle of an exchange, by each signal that leaves a dump where dumps are allowed. */
async function crashed(stage: Stage, signals: readonly NodeJS.Signals[]): Promise<void> {
  for (const signal of signals) {
    const { refresh, access } = await planted(stage);
    const gate = `crash ${signal}`;
    const seen = (await stage.server.requests("token")).length;
    await stage.server.script("token", { kind: "ordinary", gateAfter: gate });
    const run = stage.home.start("refresh", "anthropic", "--log-level", "debug");
    await stage.server.seen("token", seen + 1);
    const { dumped, found } = await crash(run, signal, stage.home.home, [refresh, access]);
    stage.evidence.terminal(`refresh, ended by ${signal}`, await run.ended);
    await stage.server.release(gate);
    stage.count("crashes");
    if (dumped > 0) stage.count("core dumps");
    if (found > 0) stage.found(`a token in the core dump of "refresh", ended by ${signal}`);
    await stage.run("run", "--once");
  }
}

export const ACTS: readonly Act[] = [
  { name: "some commands", short: true, play: (stage) => everyCommand(stage, LINES.slice(0, SHORT_LINES)) },
  { name: "all other commands", short: false, play: (stage) => everyCommand(stage, LINES.slice(SHORT_LINES)) },
  { name: "a terminal", short: true, play: onTerminal },
  { name: "pings", short: false, play: pings },
  { name: "labels", short: true, play: labels },
  { name: "damaged files", short: false, play: damaged },
  { name: "a crash", short: true, play: (stage) => crashed(stage, ["SIGABRT"]) },
  { name: "other crashes", short: false, play: (stage) => crashed(stage, ["SIGSEGV", "SIGQUIT", "SIGKILL"]) },
  ...quotingAnswers.map(answered),
];
