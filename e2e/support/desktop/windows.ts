/** The windows on a test's desktop, as a person finds them: by class or title, with the real focus and the real mouse. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { until } from "../wait.ts";
import type { Environment } from "./process.ts";

const run = promisify(execFile);

/** Pixels of the screen; without the frame. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ScreenWindow {
  readonly id: string;
  place(): Promise<Place>;
  /** Gives it the focus, in front of the others. */
  activate(): Promise<void>;
  moveTo(x: number, y: number): Promise<void>;
  minimise(): Promise<void>;
  /** As by its title bar. */
  close(): Promise<void>;
  /** Resolves when what it shows did not change for a moment. */
  settled(): Promise<void>;
}

/** Which one is meant: xdotool's patterns. */
export type Wanted = { readonly className: string } | { readonly title: string };

/** The newest visible window of that kind, as soon as there is one that is not among `before`. */
export async function findWindow(
  env: Environment,
  wanted: Wanted,
  { before = [], withinMs = 20_000 }: { readonly before?: readonly string[]; readonly withinMs?: number } = {},
): Promise<ScreenWindow> {
  const id = await until(
    `a window: ${JSON.stringify(wanted)}`,
    async () => (await windowIds(env, wanted)).filter((each) => !before.includes(each)).at(-1),
    withinMs,
  );
  return {
    id,
    async place() {
      // xdotool would count the frame twice.
      const { stdout } = await run("xwininfo", ["-id", id], { env: { ...env }, timeout: 15_000 });
      const value = (name: string) => Number(new RegExp(`${name}: +(-?\\d+)`).exec(stdout)?.[1] ?? Number.NaN);
      return {
        x: value("Absolute upper-left X"),
        y: value("Absolute upper-left Y"),
        width: value("Width"),
        height: value("Height"),
      };
    },
    activate: async () => void (await xdotool(env, "windowactivate", "--sync", id)),
    moveTo: async (x, y) => void (await xdotool(env, "windowmove", "--sync", id, String(x), String(y))),
    minimise: async () => void (await xdotool(env, "windowminimize", "--sync", id)),
    async close() {
      await xdotool(env, "windowclose", id);
      await until("the window is gone", async () => !(await windowIds(env, wanted)).includes(id));
    },
    async settled() {
      let last = "";
      let same = 0;
      await until(
        "the window is still",
        async () => {
          const now = await look(env, id);
          same = now === last ? same + 1 : 0;
          last = now;
          return same >= 3;
        },
        30_000,
      );
    },
  };
}

/** @returns the ids of all visible windows of that kind, the newest last. */
export async function windowIds(env: Environment, wanted: Wanted): Promise<readonly string[]> {
  const pattern = "title" in wanted ? ["--name", wanted.title] : ["--class", wanted.className];
  // It ends with 1 where there is none.
  const found = await xdotool(env, "search", "--onlyvisible", ...pattern).catch(() => "");
  return found.split("\n").filter((line) => line !== "");
}

async function xdotool(env: Environment, ...args: readonly string[]): Promise<string> {
  return (await run("xdotool", [...args], { env: { ...env }, timeout: 15_000 })).stdout.trim();
}

async function look(env: Environment, id: string): Promise<string> {
  const { stdout } = await run("import", ["-window", id, "rgb:-"], {
    env: { ...env },
    encoding: "buffer",
    maxBuffer: 64 << 20,
    timeout: 20_000,
  });
  return createHash("sha256").update(stdout).digest("hex");
}
