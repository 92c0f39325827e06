/** No provider's name stands outside its own file and the registry, so that a second one touches nothing else. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createProviders, REGISTRY } from "../../app/providers/registry.ts";

const app = fileURLToPath(new URL("../../app", import.meta.url));

/** The products of a provider whose name says nothing of them. */
const PRODUCTS = ["claude"];

/** What may stand where, and why; whatever else stands there counts all the same. */
const EXCEPTIONS: readonly { readonly file: string; readonly may: RegExp; readonly why: string }[] = [
  { file: "providers/anthropic.ts", may: /.*/g, why: "its own file" },
  { file: "providers/registry.ts", may: /anthropic/g, why: "the one list" },
  {
    file: "credentials/find/shared-logins.ts",
    may: /Claude Code|CLAUDE_CONFIG_DIR|"\.claude"|claudeAiOauth|CLAUDE(_FILE_BYTES)?\b|claude(ConfigDir|Folders|Tokens|File)\b/g,
    why: "another program, and what it calls its own things",
  },
  { file: "assemble/assemble.ts", may: /claudeConfigDir|CLAUDE_CONFIG_DIR/g, why: "the same program's folder" },
  { file: "keeper/decide/schedule.ts", may: /https:\S+/g, why: "the source of a rule" },
  { file: "demo/logins.ts", may: /\banthropic:/g, why: "a made-up provider's data, under a name that is known" },
];

async function productFiles(): Promise<readonly string[]> {
  const names = await readdir(app, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(app.length + 1))
    .filter((file) => !/\.test\.tsx?$|(^|\/)testing\//.test(file));
}

const names = [
  ...PRODUCTS,
  ...[...createProviders({ endpoints: new Map(), pingModel: () => undefined }).values()].flatMap(({ id, name }) => [
    id,
    name,
  ]),
];

const namesIn = (text: string): readonly string[] =>
  text.split("\n").filter((line) => names.some((name) => line.toLowerCase().includes(name.toLowerCase())));

describe("the names of providers", () => {
  it("stand in no file of app/ but their own, and where it has a reason", async () => {
    const files = await productFiles();
    expect(files.length).toBeGreaterThan(100);
    const found: string[] = [];
    for (const file of files) {
      const text = await readFile(join(app, file), "utf8");
      const exception = EXCEPTIONS.find((each) => each.file === file);
      const rest = exception === undefined ? text : text.replaceAll(exception.may, "");
      found.push(...namesIn(rest).map((line) => `${file}: ${line.trim()}`));
    }
    expect(found).toEqual([]);
  });

  it.each(EXCEPTIONS)("are still needed in $file: $why", async ({ file, may }) => {
    const text = await readFile(join(app, file), "utf8");
    expect(namesIn((text.match(may) ?? []).join("\n"))).not.toEqual([]);
  });

  it("are looked for under each entry of the registry", () => {
    for (const { id } of REGISTRY) expect(namesIn(`const a = "${id.toUpperCase()}";`)).toHaveLength(1);
    expect(namesIn('const a = "none";')).toEqual([]);
  });
});
