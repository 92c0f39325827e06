import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin, type UserConfig } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));

/** @returns the one version of the product, from package.json. */
export async function productVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) return String(manifest.version);
  throw new Error("package.json names no version");
}

const executable: Plugin = {
  name: "pilot-light:executable",
  async writeBundle({ dir }, bundle) {
    for (const file of Object.keys(bundle)) await chmod(join(dir ?? root, file), 0o755);
  },
};

/** The command line as ONE file: plain Node, nothing beside it. */
export default defineConfig(
  async (): Promise<UserConfig> => ({
    root,
    publicDir: false,
    define: { __VERSION__: JSON.stringify(await productVersion()) },
    plugins: [executable],
    ssr: { noExternal: true },
    build: {
      ssr: "app/cli/index.ts",
      target: "node20.19",
      outDir: "out/cli",
      emptyOutDir: true,
      reportCompressedSize: false,
      rolldownOptions: {
        output: {
          entryFileNames: "pilot-light.mjs",
          banner: "#!/usr/bin/env node",
          // Dynamic imports too: a second file would be a file to lose.
          codeSplitting: false,
        },
      },
    },
  }),
);
