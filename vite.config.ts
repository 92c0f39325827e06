import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { defineConfig, type Plugin, type UserConfig } from "vite";
import { root } from "./scripts/run.mjs";
import { productVersion } from "./scripts/version.mjs";

const executable: Plugin = {
  name: "pilot-light:executable",
  async writeBundle({ dir }, bundle) {
    for (const file of Object.keys(bundle)) await chmod(join(dir ?? root, file), 0o755);
  },
};

/** The page itself is no bundle: it stands beside what it loads. */
const page: Plugin = {
  name: "pilot-light:page",
  async generateBundle() {
    const source = await readFile(join(root, "app/renderer/index.html"), "utf8");
    this.emitFile({ type: "asset", fileName: "index.html", source });
  },
};

/** Each is ONE file: a second one, dynamic imports included, would be a file to lose. */
const PARTS: Readonly<Record<"cli" | "main" | "preload" | "renderer", UserConfig>> = {
  /** Plain Node, nothing beside it. */
  cli: {
    plugins: [executable],
    ssr: { noExternal: true },
    build: {
      ssr: "app/cli/index.ts",
      target: "node20.19",
      rolldownOptions: {
        output: { entryFileNames: "pilot-light.mjs", banner: "#!/usr/bin/env node", codeSplitting: false },
      },
    },
  },
  /** CommonJS for Node 20.18, the oldest inside an Electron that we run on (docs/electron.md). */
  main: {
    ssr: { noExternal: true, external: ["electron"] },
    build: {
      ssr: "app/main/index.ts",
      target: "node20.18",
      rolldownOptions: {
        external: ["electron"],
        output: { format: "cjs", entryFileNames: "index.cjs", codeSplitting: false },
      },
    },
  },
  /** A sandboxed preload can be neither a module nor more than one file. */
  preload: {
    ssr: { noExternal: true, external: ["electron"] },
    build: {
      ssr: "app/preload/index.ts",
      target: "chrome130",
      rolldownOptions: {
        external: ["electron"],
        output: { format: "cjs", entryFileNames: "index.cjs", codeSplitting: false },
      },
    },
  },
  /** A classic script: a page from a file may load modules only by a privilege of Electron, which ours does not need. */
  renderer: {
    plugins: [page],
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      target: "chrome130",
      modulePreload: false,
      cssCodeSplit: false,
      rolldownOptions: {
        input: "app/renderer/index.tsx",
        output: { format: "iife", entryFileNames: "index.js", assetFileNames: "index[extname]" },
      },
    },
  },
};

/** `vite build --mode PART`; `scripts/build.mjs` builds them all. */
export default defineConfig(async ({ mode }): Promise<UserConfig> => {
  const part = Object.entries(PARTS).find(([name]) => name === mode);
  if (part === undefined) throw new Error(`--mode must be one of ${Object.keys(PARTS).join(", ")}`);
  const [name, config] = part;
  return {
    root,
    publicDir: false,
    define: { __VERSION__: JSON.stringify(await productVersion()), "process.env.NODE_ENV": '"production"' },
    ...config,
    build: { outDir: `out/${name}`, emptyOutDir: true, reportCompressedSize: false, ...config.build },
  };
});
