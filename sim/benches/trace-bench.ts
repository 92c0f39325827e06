/** A simulated world that a test leads step by step: one named trace instead of a random run. */

import type { CommandResult, Engine, RunningKeeper } from "../../app/keeper/api.ts";
import type { Answered, HttpRequest, UnknownOutcome } from "../../app/ports/http.ts";
import type { HistoryEvent } from "../../app/shared/login/history.ts";
import type { Login, Snapshot } from "../../app/shared/login/snapshot.ts";
import { isOauth, opencodeReads, tryParse } from "../world/opencode.ts";
import { AUTH, type SimProcess, STATE, simFingerprint } from "../world/process.ts";
import { createWorld, type World } from "../world/world.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const JOURNAL = `${STATE}/journal`;
export const NOTES = `${STATE}/files/${simFingerprint.of(AUTH)}`;
export const LOCK = "/home/me/share/opencode/.auth.json.pilot-light.lock";

export interface Pair {
  readonly access: string;
  readonly refresh: string;
  readonly expires: number;
}
type Values = Readonly<Record<string, Pair | object>>;

/** A process that keeps the file, and what it told. */
export interface TraceKeeper extends SimProcess {
  readonly running: Promise<RunningKeeper>;
  readonly snapshots: Snapshot[];
  readonly events: HistoryEvent[];
}

export interface Trace {
  readonly world: World;
  /** The login that stands in the file at the start: it expires in 8 h. */
  readonly first: Pair;

  /** Lets the world run for so long. */
  run(ms: number): Promise<void>;
  /** Until it is so. @throws after `ms` of virtual time. */
  until(what: string, isSo: () => boolean, ms?: number): Promise<void>;
  /** Until it settled. @throws after `ms` of virtual time. */
  settled<T>(promise: Promise<T>, ms?: number): Promise<T>;

  keeper(): TraceKeeper;
  kill(process: SimProcess): void;
  /** A command of a user in a process of its own, until it is done. */
  command<T>(run: (engine: Engine) => Promise<T>): Promise<T>;
  refresh(id?: string): Promise<readonly CommandResult[]>;
  allow(id?: string): Promise<CommandResult>;
  snapshot(): Promise<Snapshot>;
  login(id?: string): Promise<Login>;

  /** What another program writes: the whole file anew, in place. */
  write(values: Values): void;
  /** Another program changes one entry as opencode does, at once; null = signs out. */
  change(id: string, value: object | null): void;
  /** Makes the login due now, as another program would. */
  expire(id?: string): void;
  text(): string;
  /** What stands at an id; null = no login. */
  at(id?: string): Pair | null;
  /** Tokens that we sent, in order. */
  sent(): readonly string[];
  /** Does this token stand in the journal? */
  kept(token: string): boolean;
  journal(): readonly string[];
  /** How many intents without an answer stand on disk. */
  open(token: string): number;
  note(token: string): Readonly<Record<string, unknown>>;
  /** Where a token stands besides the credential file and the journal (I6). */
  leaks(): readonly string[];
  /** From now on the server's answers pass through here; the server itself acts as its mode says. */
  answer(change: (answer: Answered | UnknownOutcome, request: HttpRequest) => Answered | UnknownOutcome): void;
}

export const oauth = (pair: Pair): object => ({ type: "oauth", ...pair });

export function startTrace(seed = 1): Trace {
  const world = createWorld(seed, { lifetimeMs: 8 * HOUR });
  const { disk, server, time } = world;
  const step = async (end: number): Promise<boolean> => {
    const more = await time.step(end);
    world.checks.afterStep();
    return more;
  };
  const namesIn = (folder: string): readonly string[] => {
    try {
      return disk.listNow(folder);
    } catch {
      return [];
    }
  };
  const names = () => namesIn(JOURNAL);
  const write = (text: string): void => {
    const content = tryParse(text);
    if (content !== null) world.checks.foreign.push(content);
    disk.writeInPlace(AUTH, text);
  };
  const first = server.signIn("login");
  let changeAnswer: Parameters<Trace["answer"]>[0] = (answer) => answer;
  const httpOf = server.httpOf.bind(server);
  server.httpOf = (actor) => ({
    connect: async (url, options) => {
      const connection = await httpOf(actor).connect(url, options);
      if (connection.kind !== "connected") return connection;
      return {
        ...connection,
        send: async (request) => {
          const answer = await connection.send(request);
          if (answer.kind === "notSent") return answer;
          const changed = changeAnswer(answer, request);
          // What the server issued never came.
          const sending = server.sendings.at(-1);
          if (changed !== answer && sending !== undefined) sending.issued = null;
          return changed;
        },
      };
    },
  });

  const trace: Trace = {
    world,
    first,
    run: async (ms) => {
      const end = time.monotonic + ms;
      while (await step(end));
    },
    until: async (what, isSo, ms = 10 * MINUTE) => {
      const end = time.monotonic + ms;
      // What was just told is carried out before time moves on.
      await new Promise((resolve) => setImmediate(resolve));
      while (!isSo()) if (!(await step(end)) && !isSo()) throw new Error(`not within ${ms} ms: ${what}`);
    },
    settled: async (promise, ms = 10 * MINUTE) => {
      let done = false;
      const watched = promise.finally(() => {
        done = true;
      });
      watched.catch(() => undefined);
      await trace.until("it settles", () => done, ms);
      return watched;
    },

    keeper: () => {
      const process = world.start("keeper");
      const snapshots: Snapshot[] = [];
      const events: HistoryEvent[] = [];
      const running = process.engine.then((engine) =>
        engine.run({
          onRole: () => undefined,
          onSnapshot: (snapshot) => snapshots.push(snapshot),
          onEvent: (event) => events.push(event),
        }),
      );
      return Object.assign(process, { running, snapshots, events });
    },
    kill: (process) => {
      process.alive = false;
    },
    command: async (run) => {
      const process = world.start("command", true);
      world.checks.userCommands.add(process);
      try {
        return await trace.settled(process.engine.then(run));
      } finally {
        process.alive = false;
        world.checks.userCommands.delete(process);
      }
    },
    refresh: (id = "anthropic") => trace.command((engine) => engine.refresh([id])),
    allow: (id = "anthropic") => trace.command((engine) => engine.allow(id)),
    snapshot: () => trace.command((engine) => engine.status()),
    login: async (id = "anthropic") => {
      const login = (await trace.snapshot()).accounts.find((each) => each.id === id);
      if (login === undefined) throw new Error(`there is no login ${id}`);
      return login;
    },

    write: (values) => {
      const content = Object.fromEntries(
        Object.entries(values).map(([id, value]) => [id, "type" in value ? value : { type: "oauth", ...value }]),
      );
      write(JSON.stringify(content, null, 2));
    },
    change: (id, value) => {
      const { [id]: _old, ...rest } = opencodeReads(disk.readText(AUTH));
      write(JSON.stringify(value === null ? rest : { ...rest, [id]: value }, null, 2));
    },
    expire: (id = "anthropic") => {
      const pair = trace.at(id);
      if (pair !== null) trace.change(id, { ...oauth(pair), expires: 0 });
    },
    text: () => disk.readText(AUTH) ?? "",
    at: (id = "anthropic") => {
      const entry = opencodeReads(disk.readText(AUTH))[id];
      if (!isOauth(entry)) return null;
      const { access, refresh, expires } = entry;
      return { access, refresh, expires };
    },
    sent: () => server.sendings.map(({ token }) => token),
    kept: (token) => names().some((name) => (disk.readText(`${JOURNAL}/${name}`) ?? "").includes(token)),
    journal: names,
    open: (token) =>
      names().filter(
        (name) =>
          name.startsWith(`${simFingerprint.of(token)}.`) &&
          name.endsWith(".intent") &&
          !(disk.readText(`${JOURNAL}/${name}`) ?? "").slice(4096).includes("lifetimeMs"),
      ).length,
    note: (token) => {
      const tokens: unknown = tryParse(disk.readText(`${NOTES}/lineage.json`) ?? "")?.["tokens"];
      const note: unknown = Object.entries(tokens ?? {}).find(([fp]) => fp === simFingerprint.of(token))?.[1];
      return typeof note === "object" && note !== null ? { ...note } : {};
    },
    leaks: () => {
      const files = [STATE, NOTES, `${NOTES}/history`].flatMap((folder) =>
        namesIn(folder).map((name) => [name, disk.readText(`${folder}/${name}`) ?? ""] as const),
      );
      return [...files, ["the log", world.logged.join()] as const]
        .filter(([, text]) => text.includes("SECRET"))
        .map(([name]) => `a token stands in ${name}`);
    },
    answer: (change) => {
      changeAnswer = change;
    },
  };
  trace.write({ anthropic: first });
  disk.settle();
  return trace;
}

/** A keeper whose refresh was just sent. */
export async function underWay(
  mode: World["server"]["mode"] = "late",
): Promise<{ readonly trace: Trace; readonly keeper: TraceKeeper }> {
  const trace = startTrace();
  trace.world.server.mode = mode;
  trace.expire();
  const keeper = trace.keeper();
  await trace.until("it sends", () => trace.sent().length === 1);
  trace.world.server.mode = "well";
  return { trace, keeper };
}

/** A keeper with a due login and a server of that kind, after a while. */
export async function kept(mode: World["server"]["mode"], ms = 20_000): Promise<Trace> {
  const trace = startTrace();
  trace.world.server.mode = mode;
  trace.expire();
  trace.keeper();
  await trace.run(ms);
  return trace;
}

/** Asked again and again: does the file hold the generation that the server gave for the first? */
export const isRefreshed =
  ({ world, at, first }: Trace) =>
  () =>
    at()?.refresh !== first.refresh && at()?.refresh === world.server.live("login");

/** A JSON answer of the token endpoint. */
export function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Answered {
  return { kind: "answered", status, headers, body: JSON.stringify(body) };
}
