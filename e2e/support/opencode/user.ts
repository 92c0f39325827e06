/** A user who has opencode on the PATH, with a plugin that signs in at the provider of a test. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { textOf } from "../files.ts";
import { until } from "../wait.ts";
import { offThisMachine, opencodeBinary } from "./opencode.ts";

/** In the home: what each opencode drew on its terminal, in their order. */
const DRAWN = "opencode-drew";
const PLUGIN = new URL("./sign-in-plugin.mjs", import.meta.url);

/**
 * Puts opencode and its settings into this home.
 * @param door where the plugin signs in
 * @returns what the user's programs find in their environment, PATH included
 */
export async function giveOpencode(home: string, door: string): Promise<Readonly<Record<string, string>>> {
  const bin = join(home, "bin");
  const config = join(home, ".config", "opencode");
  await mkdir(bin, { recursive: true });
  await mkdir(join(home, DRAWN));
  // A terminal inside the terminal, of the same size: so a test can read what a person sees.
  const recorded = `exec script -qefc "${await opencodeBinary()} $*" "$HOME/${DRAWN}/$(date +%s%N)"`;
  await writeFile(join(bin, "opencode"), `#!/bin/sh\n${recorded}\n`, { mode: 0o755 });
  // opencode fetches the types for its plugins unless they are noted as installed; our plugin needs none.
  await mkdir(join(config, "node_modules"), { recursive: true });
  const noted = { packages: { "": { dependencies: { "@opencode-ai/plugin": "*" } } } };
  await writeFile(join(config, "package-lock.json"), JSON.stringify(noted));
  await writeFile(join(config, "opencode.json"), JSON.stringify({ plugin: [PLUGIN.href] }));
  return {
    ...offThisMachine(),
    PATH: `${bin}:${process.env["PATH"] ?? "/usr/bin:/bin"}`,
    PILOT_LIGHT_TEST_SIGN_IN: door,
  };
}

/**
 * @param run which opencode of this home, from 1
 * @returns what `part` finds in all that it drew, as soon as it is there
 */
export async function opencodeDraws(home: string, run: number, part: RegExp): Promise<RegExpExecArray> {
  return until(
    `opencode draws ${String(part)}`,
    async () => {
      const name = (await readdir(join(home, DRAWN))).sort()[run - 1];
      const drawn = name === undefined ? null : await textOf(join(home, DRAWN, name));
      return part.exec(stripVTControlCharacters(drawn ?? ""));
    },
    60_000,
  );
}
