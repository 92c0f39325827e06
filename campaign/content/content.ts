/** Credential files of every kind: what is not understood is left alone, and what is, is changed nowhere but where it must. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { startTokenServer } from "../../e2e/support/server/token-server.ts";
import { type Campaign, isTimeUp, type Plan, type Report } from "../frame.ts";
import { createFindings, type Findings } from "../support/findings.ts";
import { sideBySide } from "../support/lanes/side-by-side.ts";
import { MEASURE } from "../support/measure.ts";
import { type Sample, sampleOf, spoiled, wrongWith } from "./bulk.ts";
import { type Scene, wrongInHome } from "./command-line.ts";
import { product } from "./product.ts";

const SIZES = {
  short: { drawn: 4_000, spoiled: 1, homes: 16 },
  full: { drawn: 200_000, spoiled: 12, homes: 1_200 },
} as const;
/** Between two looks at what else is to be done: servers and children are waiting meanwhile. */
const SLICE_MS = 20;

async function run(plan: Plan): Promise<Report> {
  const findings = createFindings(plan.seed, plan.say);
  const folder = await mkdtemp(join(tmpdir(), "pilot-light-content-"));
  const measure = join(folder, "measure.cjs");
  await writeFile(measure, MEASURE);
  const server = await startTokenServer();
  const startedAt = Date.now();
  const isOver = (): boolean => isTimeUp(plan, startedAt);
  const scene: Scene = { server, measure, counts: { files: 0, refused: 0, refreshed: 0 } };
  try {
    const [read] = await Promise.all([inBulk(plan, findings, isOver), inHomes(plan, scene, findings, isOver)]);
    const { files, refused, refreshed } = scene.counts;
    return {
      counts: {
        "files read and changed": read,
        "files given to the command line": files,
        "of them refused": refused,
        refreshed,
        findings: findings.count(),
      },
      failures: findings.failures(),
    };
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function* samples(plan: Plan): Generator<Sample & { readonly round: string }> {
  const { drawn, spoiled: files } = SIZES[plan.form];
  for (let file = 0; file < files; file += 1) {
    for (const sample of spoiled(plan.seed, file)) yield { ...sample, round: `spoiled ${file}` };
  }
  for (let round = 0; round < drawn; round += 1) yield { ...sampleOf(plan.seed, round), round: String(round) };
}

async function inBulk(plan: Plan, findings: Findings, isOver: () => boolean): Promise<number> {
  let done = 0;
  let sliceBegan = Date.now();
  for (const sample of samples(plan)) {
    const wrong = wrongWith(sample, product);
    if (wrong !== null) findings.add(`${wrong} (${sample.what}, round ${sample.round})`);
    done += 1;
    if (done % 50_000 === 0) plan.say(`${done} files read and changed`);
    if (Date.now() - sliceBegan < SLICE_MS) continue;
    await turn();
    sliceBegan = Date.now();
    if (isOver()) break;
  }
  return done;
}

async function inHomes(plan: Plan, scene: Scene, findings: Findings, isOver: () => boolean): Promise<void> {
  const rounds = Array.from({ length: SIZES[plan.form].homes }, (_, round) => round);
  const one = async (round: number): Promise<void> => {
    const wrong = await wrongInHome(scene, plan.seed, round);
    if (wrong !== null) findings.add(`the command line, ${wrong} (round ${round})`);
    if (scene.counts.files % 200 === 0) plan.say(`${scene.counts.files} files given to the command line`);
  };
  await sideBySide(rounds, availableParallelism() * 3, one, isOver);
}

export const content: Campaign = {
  name: "content",
  shows: "no crash, nothing written that is not understood, and not a byte touched beside the values that change",
  run,
};
