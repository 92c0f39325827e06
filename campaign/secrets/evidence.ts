/** Everything that can be seen of our processes by anybody but the two places where tokens belong. */
import { readdir, readFile, readlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { CliHome, Ended } from "../../e2e/support/cli.ts";
import type { Seeker } from "./seeker.ts";

/** What was seen, by where: a file, a terminal, a process. */
export class Evidence {
  readonly #texts = new Map<string, string>();

  add(where: string, text: string): void {
    this.#texts.set(`${this.#texts.size + 1} ${where}`, text);
  }

  terminal(what: string, { stdout, stderr }: Ended): void {
    this.add(`terminal of "${what}"`, `${stdout}\n${stderr}`);
  }

  /** All files below `folder` but those in which tokens stand by design. */
  async files(folder: string, mayHold: (path: string) => boolean): Promise<number> {
    let count = 0;
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || mayHold(path)) continue;
      const name = relative(folder, path);
      this.add(`file ${name}`, `${name}\n${await readFile(path, "latin1").catch(() => "")}`);
      count += 1;
    }
    return count;
  }

  get size(): number {
    return this.#texts.size;
  }

  has(part: string): boolean {
    return [...this.#texts.values()].some((text) => text.includes(part));
  }

  /** One line for each place with a secret. */
  findings(seeker: Seeker): readonly string[] {
    return [...this.#texts].flatMap(([where, text]) =>
      // One form a place is enough.
      seeker
        .findIn(text)
        .slice(0, 1)
        .map(({ form, at }) => `a token (${form}) at ${at} of ${where.replace(/^\d+ /, "")}`),
    );
  }
}

/** The credential file and the journal; and what another program keeps. */
export function byDesign(home: CliHome): (path: string) => boolean {
  const others = join(home.home, ".claude");
  return (path) => path === home.authFile || path.startsWith(`${home.journal}/`) || path.startsWith(`${others}/`);
}

/** All tokens that stand in the credential file and the journal. */
export async function tokensOnDisk(home: CliHome): Promise<readonly string[]> {
  const names = await readdir(home.journal).catch((): string[] => []);
  const paths = [home.authFile, ...names.map((name) => join(home.journal, name))];
  const texts = await Promise.all(paths.map((path) => readFile(path, "latin1").catch(() => "")));
  return texts.flatMap((text) => [...text.matchAll(/[\w-]*planted-[\w-]{12,}/g)].map(([token]) => token));
}

export interface ProcessWatch {
  /** So many processes were seen. */
  seen(): number;
  stop(): Promise<void>;
}

/** Notes the command line and the environment of every process that lives in this home, as soon as it is seen. */
export function watchProcesses(home: CliHome, evidence: Evidence): ProcessWatch {
  const known = new Map<string, string>();
  const stopping = new AbortController();
  const heir = `HOME=${home.home}\0`;
  const look = async (pid: string): Promise<void> => {
    const [environ, cmdline] = await Promise.all(
      ["environ", "cmdline"].map((name) => readFile(`/proc/${pid}/${name}`, "latin1").catch(() => "")),
    );
    if (environ === undefined || cmdline === undefined || cmdline === "" || known.get(pid) === cmdline) return;
    // Electron writes its title over its environment.
    if (!environ.includes(heir) && (await readlink(`/proc/${pid}/cwd`).catch(() => "")) !== home.home) return;
    known.set(pid, cmdline);
    evidence.add(`/proc/${pid}`, `${cmdline.replaceAll("\0", " ")}\n${environ.replaceAll("\0", "\n")}`);
  };
  const watching = (async () => {
    // All of them: the numbers of processes start again from below.
    while (!stopping.signal.aborted) {
      await Promise.all((await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(look));
      await pause(60, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    seen: () => known.size,
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
