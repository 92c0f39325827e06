/** A story that is told in steps: each with its picture and with the time that it took. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Desktop } from "../desktop/desktop.ts";
import { takePicture } from "../desktop/picture.ts";

export interface Step {
  readonly name: string;
  /** The picture's file, in the folder of the pictures. */
  readonly picture: string;
  /** From the start of the story to the step's end, less the time that pictures took; ms. */
  readonly at: number;
  /** ms, without the picture. */
  readonly took: number;
  /** Clicks of the mouse that the step needed. */
  readonly clicks: number;
}

export interface Story {
  /** Does a step, and takes a picture at its end. @returns what the step gives. */
  step<T>(name: string, act: (hand: Hand) => Promise<T>, shown?: Shown): Promise<T>;
  readonly steps: readonly Step[];
}

/** What is in the picture of a step. */
export interface Shown {
  /** Default: the story's. */
  readonly desktop?: Pick<Desktop, "screenshot">;
  /** Resolves when nothing moves any more that is to be seen in it; this takes no time of the story. */
  readonly still?: () => Promise<void>;
}

/** The hand of the person in the story. */
export interface Hand {
  /** A click that counts. */
  click(x: number, y: number, button?: 1 | 3): Promise<void>;
}

/** Begins now. @param folder where the pictures go; older ones in it are removed */
export async function beginStory(desktop: Desktop, folder: string): Promise<Story> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) if (name.endsWith(".png")) await rm(join(folder, name));
  const begun = performance.now();
  let pictures = 0;
  const steps: Step[] = [];
  return {
    steps,
    async step(name, act, { desktop: shown = desktop, still } = {}) {
      const start = performance.now();
      let clicks = 0;
      const hand: Hand = {
        async click(x, y, button = 1) {
          clicks += 1;
          await desktop.clickAt(x, y, button);
        },
      };
      const given = await act(hand).catch(async (error: unknown) => {
        await takePicture(shown, join(folder, "failed.png")).catch(() => undefined);
        throw error;
      });
      const end = performance.now();
      const picture = `${String(steps.length + 1).padStart(2, "0")}-${name}.png`;
      steps.push({ name, picture, at: end - begun - pictures, took: end - start, clicks });
      await still?.();
      await takePicture(shown, join(folder, picture));
      pictures += performance.now() - end;
      return given;
    },
  };
}
