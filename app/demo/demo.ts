import { dirname, join } from "node:path";
import type { GivenFlags } from "../assemble/flags.ts";
import type { Surroundings } from "../assemble/options.ts";
import { createClock } from "../platform/clock.ts";
import { createTempFolder, sweepTempFolders, type TempFolder } from "../platform/files/temp-folder.ts";
import { type LoopbackRequest, type LoopbackServer, startLoopbackServer } from "../platform/http/loopback-server.ts";
import { createProcesses } from "../platform/process/processes.ts";
import { createRandom } from "../platform/random.ts";
import { plainReason, UserError } from "../shared/data/errors.ts";
import { demoAuthFile, demoPlans, demoSettings } from "./logins.ts";
import { createDemoState, demoAnswer, TOKEN_PATH } from "./provider.ts";

/** A demo that runs: a provider on this machine, and made-up logins in a folder of their own. All paths are absolute. */
export interface Demo {
  /** Everything of the demo stands in here. */
  readonly folder: string;
  readonly authFile: string;
  readonly stateDir: string;
  /** The state dir, as always where one is chosen: so commands that name the state dir find the demo's settings. */
  readonly settingsDir: string;
  /** A whole endpoint, on 127.0.0.1. */
  readonly tokenUrl: string;
  /** A base, on 127.0.0.1. */
  readonly apiUrl: string;
  /**
   * Stops the provider and removes the folder; to be called when the keeper has stopped. A second call is the first one's.
   * @throws UserError (3) when the folder could not be removed.
   */
  close(): Promise<void>;
}

export interface DemoOptions {
  /** One that was made before; the demo removes it. */
  readonly folder?: TempFolder;
  /** How long the provider takes for an answer (ms): long enough to see that something is under way. */
  readonly answerAfterMs?: number;
}

const PURPOSE = "demo";
const ANSWER_AFTER_MS = 600;

/**
 * A folder for a demo that is started later, for who must name places in it at once. Nothing stands in it yet.
 * @param tempRoot where it is made; the system's temporary folder by default.
 * @throws UserError (3) when it cannot be made.
 */
export function createDemoFolder(tempRoot?: string): TempFolder {
  return createTempFolder({ purpose: PURPOSE, processes: createProcesses(), root: tempRoot });
}

/**
 * Starts a demo, and removes the folders of older ones that were killed. Nothing outside its folder is read or written.
 * @throws UserError (3) when there is no room for it, or no port.
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const folder = options.folder ?? createDemoFolder();
  await sweepTempFolders({ purpose: PURPOSE, processes: createProcesses(), root: dirname(folder.path) });
  try {
    return await fill(folder, options.answerAfterMs ?? ANSWER_AFTER_MS);
  } catch (error) {
    await folder.remove().catch(() => undefined);
    if (error instanceof UserError) throw error;
    throw new UserError(`The demo cannot be started: ${plainReason(error)}.`, 3);
  }
}

async function fill(folder: TempFolder, answerAfterMs: number): Promise<Demo> {
  const clock = createClock();
  const salt = createRandom().id();
  const started = clock.now();
  const plans = demoPlans(started);
  let state = createDemoState(plans, salt);
  const ended = new AbortController();
  const server = await startLoopbackServer(async (request: LoopbackRequest) => {
    const next = demoAnswer(state, request, clock.now());
    state = next.state;
    await clock.sleep(answerAfterMs, ended.signal);
    return next.answer;
  });
  const close = async (): Promise<void> => {
    ended.abort();
    await server.close();
    await folder.remove();
  };
  try {
    const where = await furnish(folder, server, demoAuthFile(plans, salt, started));
    let closing: Promise<void> | null = null;
    return { ...where, close: () => (closing ??= close()) };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function furnish(folder: TempFolder, server: LoopbackServer, logins: string): Promise<Omit<Demo, "close">> {
  const authFile = await folder.write("auth.json", logins);
  const urls = { tokenUrl: `${server.origin}${TOKEN_PATH}`, apiUrl: server.origin };
  await folder.write(join("state", "settings.json"), demoSettings({ authFile, ...urls }));
  const stateDir = join(folder.path, "state");
  return { folder: folder.path, authFile, stateDir, settingsDir: stateDir, ...urls };
}

/** @returns the flags of a keeper on the demo, whatever else was typed. */
export function demoFlags(given: GivenFlags, demo: Omit<Demo, "close">): GivenFlags {
  const { authFile, stateDir, tokenUrl, apiUrl } = demo;
  return { ...given, authFile, stateDir, tokenUrls: [tokenUrl], apiUrls: [apiUrl] };
}

/** @returns surroundings in which nothing of the user's is found: no variable of theirs, and the demo's folder as home. */
export function demoSurroundings(around: Surroundings, demo: Omit<Demo, "close">): Surroundings {
  return { ...around, env: { HOME: demo.folder }, home: demo.folder };
}
