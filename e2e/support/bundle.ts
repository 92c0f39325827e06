import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** A TypeScript entry as one file that plain Node can run, in a temporary folder. */
export interface Bundle {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Bundles an entry for a process of its own: Node 20 runs no TypeScript.
 * @param entry such as `new URL("./x.ts", import.meta.url)`
 */
export async function bundle(entry: URL): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), "pilot-light-bundle-"));
  await build({
    configFile: false,
    logLevel: "error",
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(entry),
      target: "node20.19",
      outDir: folder,
      rolldownOptions: { output: { entryFileNames: "entry.mjs", codeSplitting: false } },
    },
  });
  return { path: join(folder, "entry.mjs"), remove: () => rm(folder, { recursive: true, force: true }) };
}
