import { execFile } from "node:child_process";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import config from "../../oxlint.config.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const ruleFile = "scripts/lint/rules.mjs";

/** A file of made-up source, one statement a line. */
export interface Sample {
  readonly file: string;
  readonly lines: readonly string[];
}

/** @returns the lines of `file` that `rule` reports as errors, sorted. */
export type Reported = (file: string, rule: string) => string[];

/**
 * Lints `samples` with the project's own configuration in a new temporary folder, which the caller removes.
 * @param typeAware also run the rules that need types (slower).
 */
export async function lintSamples(
  samples: readonly Sample[],
  typeAware: boolean,
): Promise<{ folder: string; reported: Reported }> {
  const folder = await mkdtemp(join(tmpdir(), "pilot-light-lint-"));
  await writeFile(
    join(folder, ".oxlintrc.json"),
    JSON.stringify({ ...config, options: { typeAware }, jsPlugins: [join(root, ruleFile)] }),
  );
  for (const { file, lines } of samples) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), lines.join("\n"));
  }
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  const stdout = await new Promise<string>((resolve) => {
    execFile(process.execPath, [oxlint, "-f", "json", "."], { cwd: folder, maxBuffer: 2 ** 26 }, (_, out) =>
      resolve(out),
    );
  });
  const reported = new Map<string, Map<string, Set<string>>>();
  for (const { file, rule, line } of diagnosticsIn(stdout)) {
    const rules = reported.get(file) ?? new Map<string, Set<string>>();
    const text = samples.find((sample) => sample.file === file)?.lines[line - 1] ?? "";
    reported.set(file, rules.set(rule, (rules.get(rule) ?? new Set()).add(text)));
  }
  const lookUp: Reported = (file, rule) => [...(reported.get(file)?.get(rule) ?? [])].toSorted();
  return { folder, reported: lookUp };
}

const answer = v.object({
  diagnostics: v.array(
    v.object({
      code: v.string(),
      filename: v.string(),
      severity: v.string(),
      labels: v.array(v.object({ span: v.object({ line: v.number() }) })),
    }),
  ),
});

function diagnosticsIn(json: string): { file: string; rule: string; line: number }[] {
  return v
    .parse(answer, JSON.parse(json))
    .diagnostics.filter(({ severity }) => severity === "error")
    .map(({ code, filename, labels }) => ({
      file: filename.replaceAll("\\", "/"),
      rule: /\(([^)]+)\)/.exec(code)?.[1] ?? code,
      line: labels[0]?.span.line ?? 0,
    }));
}
