import { join } from "node:path";
import type { Surroundings } from "../../assemble/options.ts";
import { createDemoFolder, type Demo, demoFlags, demoSurroundings, startDemo } from "../../demo/demo.ts";
import type { Launch } from "../start/flags.ts";

/** A demo in the app: an instance of its own, in a folder that is removed at the end. */
export interface PlannedDemo {
  /** Electron must know it before anything else happens. */
  readonly userData: string;
  /** @throws UserError when there is no room for it, or no port. */
  start(launch: Launch, around: Surroundings): Promise<KeeperPlace>;
}

/** What a keeper is started with. */
export interface KeeperPlace extends Pick<Demo, "close"> {
  /** As if the demo's places had been named by flags. */
  readonly launch: Launch;
  /** Surroundings in which nothing of the user's is found. */
  readonly around: Surroundings;
}

/** Makes the demo's folder at once. @throws UserError when there is no room for it. */
export function planDemo(): PlannedDemo {
  const folder = createDemoFolder();
  return {
    userData: join(folder.path, "electron"),
    async start(launch, around) {
      const demo = await startDemo({ folder });
      return {
        launch: { ...launch, flags: demoFlags(launch.flags, demo) },
        around: demoSurroundings(around, demo),
        close: () => demo.close(),
      };
    },
  };
}
