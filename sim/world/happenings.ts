/** What happens in the world of the model-based test: single happenings, and short plots of them. */
import { SimError, type SimFiles } from "./files.ts";
import { opencodeRefresh, opencodeWrite } from "./opencode.ts";
import { AUTH, AWAKE } from "./process.ts";
import type { ServerMode } from "./server.ts";
import type { Actor } from "./time.ts";
import { command, HOUR, kill, LOGINS, stamp, startKeeper, tell, type World } from "./world.ts";

/** One random thing that happens. */
export function somethingHappens(world: World): void {
  const names = Object.keys(happeningsOf(world, LOGINS[0]));
  // What loses logins most often in the field comes more often here.
  happen(
    world,
    world.chance(0.25)
      ? world.pickOf(["backupTaken", "backupRestored", "userSignsOut", "userRefreshes"])
      : world.pickOf(names),
  );
}

/** Lets this happen to this login, and tells the story of it. */
export function happen(world: World, name: string, id: string = world.pickOf(LOGINS)): void {
  world.story.push(`${stamp(world)} ${name} ${id}`);
  try {
    happeningsOf(world, id)[name]?.();
  } catch (error) {
    // What a neighbour tried may fail, as after a power loss that left its temp file.
    if (!(error instanceof SimError)) throw error;
  }
}

function happeningsOf(world: World, id: string): Record<string, () => void> {
  const { disk, server, time, fraction, story } = world;
  const gaps = {
    read: world.chance(0.8) ? fraction() * 5 : fraction() * 90_000,
    open: fraction() * 3,
    cut: fraction() * 60,
  };
  const happenings: Record<string, () => void> = {
    opencodeSetsKey: () => {
      const value = `k-${Math.floor(fraction() * 1e6)}`;
      opencodeWrite(
        { ...world, wrote: tell(world) },
        (content) => ({ ...content, key: { type: "api", key: value } }),
        gaps,
      );
    },
    opencodeRefreshes: () => opencodeRefresh({ ...world, wrote: tell(world) }, id),
    userSignsIn: () => {
      const pair = server.signIn(`${id}-${Math.floor(fraction() * 1e6)}`);
      opencodeWrite(
        { ...world, wrote: tell(world) },
        (content) => ({ ...content, [id]: { type: "oauth", ...pair } }),
        gaps,
      );
    },
    userSignsOut: () =>
      opencodeWrite(
        { ...world, wrote: tell(world) },
        (content) => {
          const { [id]: _gone, ...rest } = content;
          return rest;
        },
        gaps,
      ),
    sameGrantTwice: () =>
      opencodeWrite(
        { ...world, wrote: tell(world) },
        (content) => (content[id] === undefined ? null : { ...content, [world.pickOf(LOGINS)]: content[id] }),
        gaps,
      ),
    wipes: () =>
      opencodeWrite(
        { ...world, wrote: tell(world) },
        (content) => ({ ...content, [id]: { type: "oauth", refresh: "", access: "", expires: 0 } }),
        gaps,
      ),
    expiresNow: () =>
      opencodeWrite(
        { ...world, wrote: tell(world) },
        (content) => {
          const entry = content[id];
          return typeof entry === "object" && entry !== null ? { ...content, [id]: { ...entry, expires: 0 } } : null;
        },
        gaps,
      ),
    backupTaken: () => world.checks.takeBackup(),
    backupRestored: () => world.checks.restoreBackup(world.chance(0.5)),
    editorRenames: () => {
      const text = disk.readText(AUTH);
      if (text !== null) disk.replace(AUTH, `${text} `);
    },
    halfWritten: () => {
      const text = disk.readText(AUTH);
      if (text === null) return;
      disk.writeInPlace(AUTH, text.slice(0, Math.floor(fraction() * text.length)));
      const back: Actor = { name: "writer", alive: true, stoppedUntil: 0 };
      time.at(fraction() < 0.7 ? 100 : 20_000, back, () => disk.writeInPlace(AUTH, text));
    },
    fileGoesAndComesBack: () => {
      const text = disk.readText(AUTH);
      if (text === null) return;
      disk.removeNow(AUTH);
      const back: Actor = { name: "writer", alive: true, stoppedUntil: 0 };
      time.at(fraction() * 60_000, back, () => {
        if (disk.readText(AUTH) === null) disk.writeInPlace(AUTH, text);
      });
    },
    keeperCrashes: () => {
      if (world.keeper !== null) kill(world, world.keeper);
      void startKeeper(world);
    },
    secondKeeper: () => void startKeeper(world),
    powerFails: () => {
      for (const actor of world.living.values()) actor.alive = false;
      disk.powerLoss(fraction);
      void startKeeper(world);
    },
    keeperStalls: () => {
      if (world.keeper !== null) world.keeper.stoppedUntil = time.monotonic + fraction() * 120_000;
    },
    systemLeaves: () => {
      world.power = { ...AWAKE, leaving: () => true };
      const back: Actor = { name: "system", alive: true, stoppedUntil: 0 };
      time.at(fraction() * 60_000, back, () => {
        world.power = AWAKE;
      });
    },
    userRefreshes: () => {
      command(world, "refresh", async (process) => (await process.engine).refresh(world.chance(0.5) ? [id] : "all"));
    },
    runOnce: () => {
      const process = world.start("once", true);
      void process.engine.then((engine) => engine.runOnce({ onEvent: () => undefined })).catch(() => undefined);
    },
    userAllows: () => {
      command(world, "allow", async (process) => (await process.engine).allow(id));
    },
    userForgets: () => {
      command(world, "forget", async (process) => (await process.engine).forget(id));
    },
    lockStolen: () => {
      const lock = "/home/me/share/opencode/.auth.json.pilot-light.lock";
      for (const name of safeList(disk, lock)) disk.removeNow(`${lock}/${name}`);
    },
    clockSteps: () => {
      world.checks.clockStepped();
      time.offset += (fraction() - 0.5) * 2 * world.pickOf([10_000, HOUR, 48 * HOUR]);
    },
    serverChanges: () => {
      const modes: readonly ServerMode[] = [
        "well",
        "offline",
        "hungUp",
        "lostAnswer",
        "lostRequest",
        "late",
        "tooLate",
        "rateLimited",
        "overloaded",
      ];
      server.mode = world.pickOf([
        ...modes,
        "error500",
        "acted500",
        "html",
        "invalidClient",
        "noRotation",
        "sameToken",
        "oddLifetime",
      ]);
      story.push(`${stamp(world)} server: ${server.mode}`);
    },
    diskFails: () => {
      const ops = world.pickOf([["write"], ["sync"], ["createNew"], ["rename"], ["makeFolder"]] as const);
      world.fault = {
        ops: new Set(ops),
        code: world.pickOf(["ENOSPC", "EIO", "EROFS"]),
        where: world.pickOf(["share", "state", "home"]),
      };
      const back: Actor = { name: "disk", alive: true, stoppedUntil: 0 };
      time.at(fraction() * 90_000, back, () => {
        world.fault = null;
      });
      world.checks.diskFailed();
    },
  };
  return { ...happenings, ...plotsOf(world, id) };
}

/** Short plots, each a way in which logins were lost in the field; single happenings would rarely line up like this. */
function plotsOf(world: World, id: string): Record<string, () => void> {
  const director: Actor = { name: "director", alive: true, stoppedUntil: 0 };
  const play = (steps: readonly (readonly [afterMs: number, name: string])[]) => () => {
    let at = 0;
    for (const [after, name] of steps) {
      at += after;
      world.time.at(at, director, () => happen(world, name, id));
    }
  };
  const modes: readonly ServerMode[] = ["lostAnswer", "lostRequest", "tooLate", "acted500"];
  const serverLoses = () => {
    world.server.mode = world.pickOf(modes);
    world.time.at(60_000, director, () => {
      world.server.mode = "well";
    });
  };
  return {
    removedLoginComesBackSpent: play([
      [0, "backupTaken"],
      [10, "expiresNow"],
      [6_000, "userSignsOut"],
      [5_000, "backupRestored"],
    ]),
    removedLoginComesBack: play([
      [0, "backupTaken"],
      [10, "userSignsOut"],
      [5_000, "backupRestored"],
      [5_000, "expiresNow"],
    ]),
    displacedLoginComesBack: play([
      [0, "backupTaken"],
      [10, "userSignsIn"],
      [5_000, "backupRestored"],
      [5_000, "expiresNow"],
    ]),
    signedOutDuringRefresh: play([
      [0, "backupTaken"],
      [10, "expiresNow"],
      [100, "userSignsOut"],
      [6_000, "backupRestored"],
    ]),
    signedInDuringRefresh: play([
      [0, "backupTaken"],
      [10, "expiresNow"],
      [100, "userSignsIn"],
      [6_000, "backupRestored"],
    ]),
    spentCopyWhileTheEndIsUnknown: () => {
      play([
        [0, "backupTaken"],
        [10, "expiresNow"],
        [10_000, "expiresNow"],
        [4_000, "backupRestored"],
      ])();
      world.time.at(6_000, director, serverLoses);
    },
    crashDuringRefresh: play([
      [0, "expiresNow"],
      [Math.round(world.fraction() * 600), "keeperCrashes"],
    ]),
    powerFailsDuringRefresh: play([
      [0, "expiresNow"],
      [Math.round(world.fraction() * 600), "powerFails"],
    ]),
    systemLeavesDuringRefresh: play([
      [0, "expiresNow"],
      [Math.round(world.fraction() * 60), "systemLeaves"],
    ]),
    stalledBeforeItsRequest: play([
      [0, "expiresNow"],
      [Math.round(world.fraction() * 60), "keeperStalls"],
      [20, "lockStolen"],
      [50, "userRefreshes"],
    ]),
  };
}

function safeList(disk: SimFiles, path: string): readonly string[] {
  try {
    return disk.listNow(path);
  } catch {
    return [];
  }
}
