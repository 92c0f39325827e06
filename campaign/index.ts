/** `npm run campaign`: runs campaigns one after the other; a table at the end, and the seed of every failure. */
import { parse, USAGE } from "./arguments.ts";
import type { Report } from "./frame.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** @returns the exit code: 0 all well, 1 something failed, 2 wrong usage. */
export async function main(words: readonly string[]): Promise<number> {
  const asked = parse(words);
  if (typeof asked === "string") {
    process.stderr.write(`${asked}\n${USAGE}\n`);
    return 2;
  }
  const rows: { readonly name: string; readonly shows: string; readonly report: Report; readonly seconds: number }[] =
    [];
  for (const campaign of asked.campaigns) {
    say(`== ${campaign.name}: ${campaign.shows}`);
    const startedAt = Date.now();
    const report = await campaign
      .run({ ...asked, say: (line) => say(`   ${line}`) })
      .catch((error: unknown): Report => {
        const what = `it could not be run: ${error instanceof Error ? error.message : "unknown"}`;
        return { counts: {}, failures: [{ what, seed: asked.seed }] };
      });
    rows.push({ ...campaign, report, seconds: Math.round((Date.now() - startedAt) / 1000) });
  }
  say("\n| campaign | seed | time | counted | failures |\n|---|---|---|---|---|");
  for (const { name, report, seconds } of rows) {
    const counted = Object.entries(report.counts).map(([what, count]) => `${count} ${what}`);
    say(`| ${name} | ${asked.seed} | ${seconds} s | ${counted.join(" · ")} | ${report.failures.length} |`);
  }
  const failures = rows.flatMap(({ name, report }) => report.failures.map((failure) => ({ name, ...failure })));
  for (const { name, what, seed } of failures) say(`failed: ${name} --seed ${seed}: ${what}`);
  return failures.length === 0 ? 0 : 1;
}
