/** The papers name what exists, and comments cite no plan that is not in the repository. */
import { readdir, readFile } from "node:fs/promises";
import { join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Made or fetched, not ours to check. */
const NOT_OURS = new Set([".git", "node_modules", "out", "release"]);

/** A path or a file name of ours, as a paper writes it in backticks; `*` for anything. */
const NAME =
  /(?<![\w/.@~$<-])(?:(?:app|sim|e2e|campaign|scripts|docs)\/[\w./*-]*\w|[\w-]+(?:\.[\w-]+)*\.(?:tsx?|mjs|cjs|md|py))(?!\w)/g;

let files: readonly string[] = [];
beforeAll(async () => {
  const top = await readdir(root, { withFileTypes: true });
  const inside = await Promise.all(
    top.map(async (entry) => {
      if (NOT_OURS.has(entry.name)) return [];
      if (!entry.isDirectory()) return [entry.name];
      const below = await readdir(join(root, entry.name), { recursive: true, withFileTypes: true });
      return below
        .filter((each) => each.isFile())
        .map(({ parentPath, name }) => relative(root, join(parentPath, name)));
    }),
  );
  files = inside.flat();
});

const textOf = (file: string): Promise<string> => readFile(join(root, file), "utf8");

/** Of `e2e/a` also `e2e/a.test.ts` is meant, and of `name.ts` any file of that name. */
function exists(name: string): boolean {
  if (name.includes("*")) {
    const first = name.slice(0, name.indexOf("*"));
    const last = name.slice(name.lastIndexOf("*") + 1);
    return files.some((file) => file.startsWith(first) && file.endsWith(last));
  }
  return files.some((file) => `/${file}`.endsWith(`/${name}`) || [".", "/"].some((sep) => file.startsWith(name + sep)));
}

async function missingIn(paper: string): Promise<readonly string[]> {
  const text = await textOf(paper);
  const links = [...text.matchAll(/\]\(([^)\s#]+)[^)\s]*\)/g)].map(([, to]) => to ?? "");
  const ours = links.filter((to) => !/^\w+:/.test(to)).map((to) => posix.join(posix.dirname(paper), to));
  const named = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, words]) => words?.match(NAME) ?? []);
  return [...ours, ...named].filter((name) => !exists(name));
}

/** `name` ([file](path)) in a table: that file declares it. */
const DECLARED = /`(\w+)` \(\[[^\]]+\]\(([^)\s]+)\)\)/g;

/** @returns what the text says is declared in a file and is not. */
async function notDeclaredIn(text: string): Promise<readonly string[]> {
  const named = [...text.matchAll(DECLARED)].map(([, name = "", file = ""]) => ({ name, file }));
  const found = await Promise.all(
    named.map(async ({ name, file }) => {
      const isThere =
        files.includes(file) && new RegExp(`(?:function|const|class) ${name}\\b`).test(await textOf(file));
      return isThere ? [] : [`${name} in ${file}`];
    }),
  );
  return found.flat();
}

describe("the papers", () => {
  it("link to and name only files that exist", async () => {
    const papers = files.filter((file) => file.endsWith(".md"));
    expect(papers.length).toBeGreaterThan(10);
    const found = await Promise.all(papers.map(async (paper) => (await missingIn(paper)).map((name) => [paper, name])));
    expect(found.flat()).toEqual([]);
  });

  it("say of each behaviour in which function it is", async () => {
    const [, section = ""] = (await textOf("ARCHITECTURE.md")).split("\n## Where is …?\n");
    const [table = ""] = section.split("\n## ");
    const rows = table
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .slice(1);
    expect(rows.length).toBeGreaterThan(15);
    // A row of another form would not be looked at.
    expect(rows.filter((row) => row.match(DECLARED) === null)).toEqual([]);
    expect(await notDeclaredIn(table)).toEqual([]);
  });

  it("would be caught naming a function or a file that is not there", async () => {
    const work = "app/keeper/decide/work.ts";
    const table = ["workOf", "workO", "putBacks"].map((name) => `| x | \`${name}\` ([work.ts](${work})) |`).join("\n");
    expect(await notDeclaredIn(table)).toEqual([`workO in ${work}`, `putBacks in ${work}`]);
    expect(await notDeclaredIn("`workOf` ([gone.ts](app/gone.ts))")).toEqual(["workOf in app/gone.ts"]);
  });
});

describe("comments", () => {
  it("cite no section of a plan that is not in the repository", async () => {
    const code = files.filter((file) => /\.(tsx?|mjs|cjs)$/.test(file));
    const found = await Promise.all(
      code.map(async (file) => (/\bdesign,? sections? \d/i.test(await textOf(file)) ? [file] : [])),
    );
    expect(found.flat()).toEqual([]);
  });
});
