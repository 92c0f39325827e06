/** What can be wrong around a refresh, without any call being made to fail: folders, room, links, owners, mounts. */
import { chmod, chown, copyFile, link, lstat, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CliHome } from "../../e2e/support/cli.ts";
import type { Stage } from "../support/stage.ts";
import { type Mounted, mountUponItself } from "./mounts.ts";

/** The two file systems of a stage. */
export interface Places {
  readonly file: Mounted;
  readonly state: Mounted;
}

export interface Trouble {
  readonly name: string;
  /** Before the command starts, or while its request is under way. */
  readonly when: "before" | "meanwhile";
  /**
   * `refused`: nothing is sent, exit 1, 3 or 4. `renewed`: all the same, exit 0. `kept`: nothing is lost, and it is renewed
   * once it is mended. `mended only`: as `kept`, if it is mended while the program lives; else it may be lost, and is shown
   * so.
   */
  readonly end: "refused" | "renewed" | "kept" | "mended only";
  /** Both sides are file systems of their own: only root can make them. */
  readonly mounts: boolean;
  /** @returns what takes it away again; a line of what is wrong where only the trouble can know. */
  make(stage: Stage, places: Places | null): Promise<() => Promise<readonly string[]>>;
}

const NOBODY = 65_534;

type Make = (home: CliHome, places: Places | null) => Promise<(() => Promise<unknown>) | undefined>;

function trouble(name: string, when: Trouble["when"], end: Trouble["end"], make: Make, mounts = false): Trouble {
  return {
    name,
    when,
    end,
    mounts,
    async make({ home }, places) {
      const mend = await make(home, places);
      return async () => {
        const found = await mend?.();
        return Array.isArray(found) ? found.map(String) : [];
      };
    },
  };
}

/** Moves something away, and back; what was made in its place meanwhile goes aside. */
async function away(path: string): Promise<() => Promise<void>> {
  await rename(path, `${path}-away`);
  return async () => {
    if (await isThere(path)) await rename(path, `${path}-made-meanwhile`);
    await rename(`${path}-away`, path);
  };
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function removeBeside({ authFile }: CliHome, which: RegExp): Promise<undefined> {
  for (const name of await readdir(dirname(authFile))) {
    if (which.test(name)) await rm(join(dirname(authFile), name), { recursive: true });
  }
}

const full = (sides: readonly (keyof Places)[]): Make => {
  return async (_, places) => {
    for (const side of sides) await places?.[side].fill();
    return async () => {
      for (const side of sides) await places?.[side].empty();
    };
  };
};
const readOnly = (sides: readonly (keyof Places)[]): Make => {
  return async (_, places) => {
    for (const side of sides) await places?.[side].readOnly();
    return async () => {
      for (const side of sides) await places?.[side].writable();
    };
  };
};
const removed = (...path: readonly string[]): Make => {
  return async ({ stateDir }) => {
    await rm(join(stateDir, ...path), { recursive: true, force: true });
    return undefined;
  };
};
const fileAt = (...path: readonly string[]): Make => {
  return async ({ stateDir }) => {
    const at = join(stateDir, ...path);
    await rm(at, { recursive: true, force: true });
    await writeFile(at, "something else", { mode: 0o600 });
    return () => rm(at);
  };
};
const linkAt = (...path: readonly string[]): Make => {
  return async ({ home, stateDir }) => {
    const [at, to] = [join(stateDir, ...path), join(home, "elsewhere")];
    await mkdir(to);
    await rm(at, { recursive: true, force: true });
    await symlink(to, at);
    return async () => {
      await rm(at);
      const names = await readdir(to);
      return names.length === 0 ? [] : [`our notes stand where the link ${path.join("/")} leads`];
    };
  };
};
const hardLink: Make = async ({ home, authFile }) => {
  await link(authFile, join(dirname(authFile), "hard-link")).catch(() => link(authFile, join(home, "hard-link")));
  return () => rm(join(dirname(authFile), "hard-link"), { force: true });
};
const fileMode = (mode: number): Make => {
  return async ({ authFile }) => {
    await chmod(authFile, mode);
    return undefined;
  };
};

/** What must not be, and how the program answers it. */
export const TROUBLES: readonly Trouble[] = [
  trouble("the credential file's side is full", "before", "refused", full(["file"]), true),
  trouble("our own side is full", "before", "refused", full(["state"]), true),
  trouble("both sides are full", "before", "refused", full(["file", "state"]), true),
  trouble("the credential file's side is read-only", "before", "refused", readOnly(["file"]), true),
  trouble("our own side is read-only", "before", "refused", readOnly(["state"]), true),
  trouble("both sides are read-only", "before", "refused", readOnly(["file", "state"]), true),
  trouble("the credential file is a mount point", "before", "refused", ({ authFile }) => mountUponItself(authFile)),
  trouble("the credential file has a second hard link", "before", "refused", hardLink),
  trouble("a file stands at the state dir", "before", "refused", fileAt()),
  trouble("a file stands at journal/", "before", "refused", fileAt("journal")),
  trouble("a file stands at files/", "before", "refused", fileAt("files")),
  trouble("journal/ is a link", "before", "refused", linkAt("journal")),
  trouble("files/ is a link", "before", "refused", linkAt("files")),
  trouble("a file stands at the lock's place", "before", "refused", async ({ authFile }) => {
    const at = join(dirname(authFile), `.${basename(authFile)}.pilot-light.lock`);
    await writeFile(at, "", { mode: 0o600 });
    return () => rm(at, { recursive: true, force: true });
  }),
  trouble("others may write the state dir", "before", "refused", async ({ stateDir }) => {
    await chmod(stateDir, 0o777);
    return () => chmod(stateDir, 0o700);
  }),
  trouble("the state dir is another's", "before", "refused", async ({ stateDir }) => {
    await chown(stateDir, NOBODY, NOBODY);
    return () => chown(stateDir, 0, 0);
  }),
  trouble("the credential file is a link", "before", "renewed", async ({ home, authFile }) => {
    const real = join(home, "real.json");
    await copyFile(authFile, real);
    await rm(authFile);
    await symlink(real, authFile);
    return async () => {
      const kept = (await lstat(authFile)).isSymbolicLink();
      const mode = (await lstat(real)).mode & 0o777;
      await rm(authFile);
      await copyFile(real, authFile);
      await chmod(authFile, mode);
      return kept ? [] : ["the link at the credential file was replaced"];
    };
  }),
  trouble("others may read the credential file", "before", "renewed", fileMode(0o644)),
  trouble("nobody may write the credential file", "before", "renewed", fileMode(0o400)),
  trouble("the credential file is another's", "before", "renewed", async ({ authFile }) => {
    await chown(authFile, NOBODY, NOBODY);
    return async () => {
      const { uid } = await lstat(authFile);
      return uid === NOBODY ? [] : ["the credential file changed its owner"];
    };
  }),
  trouble("the state dir is removed", "meanwhile", "renewed", removed()),
  trouble("the state dir is moved away", "meanwhile", "renewed", ({ stateDir }) => away(stateDir)),
  trouble("journal/ is removed", "meanwhile", "renewed", removed("journal")),
  trouble("files/ is removed", "meanwhile", "renewed", removed("files")),
  trouble("log/ is removed", "meanwhile", "renewed", removed("log")),
  trouble("journal/ is moved away", "meanwhile", "renewed", ({ journal }) => away(journal)),
  trouble("a file stands at journal/", "meanwhile", "renewed", fileAt("journal")),
  trouble("our own side becomes full", "meanwhile", "renewed", full(["state"]), true),
  trouble("our own side becomes read-only", "meanwhile", "renewed", readOnly(["state"]), true),
  trouble("the credential file's side becomes full", "meanwhile", "kept", full(["file"]), true),
  trouble("both sides become full", "meanwhile", "kept", full(["file", "state"]), true),
  trouble("the credential file's side becomes read-only", "meanwhile", "kept", readOnly(["file"]), true),
  trouble("both sides become read-only", "meanwhile", "mended only", readOnly(["file", "state"]), true),
  trouble("the credential file becomes a mount point", "meanwhile", "kept", ({ authFile }) =>
    mountUponItself(authFile),
  ),
  trouble("the credential file gets a hard link", "meanwhile", "kept", hardLink),
  trouble("the credential file is moved away", "meanwhile", "kept", ({ authFile }) => away(authFile)),
  trouble("our temp file is removed", "meanwhile", "renewed", (home) => removeBeside(home, /\.tmp$/)),
  trouble("our lock is removed", "meanwhile", "renewed", (home) => removeBeside(home, /\.lock$/)),
  trouble(
    "our temp file is removed and its side is full",
    "meanwhile",
    "kept",
    async (home, places) => {
      await removeBeside(home, /\.tmp$/);
      return full(["file"])(home, places);
    },
    true,
  ),
  trouble("the credential file's folder is moved away", "meanwhile", "kept", ({ authFile }) => away(dirname(authFile))),
  trouble("both folders are moved away", "meanwhile", "mended only", async ({ authFile, stateDir }) => {
    const back = [await away(stateDir), await away(dirname(authFile))];
    return async () => {
      for (const each of back) await each();
    };
  }),
];
