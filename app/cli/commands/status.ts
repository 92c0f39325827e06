/** `status` and `accounts`: how the logins are, once or at each change. */
import type { Engine } from "../../keeper/api.ts";
import { UserError } from "../../shared/data/errors.ts";
import type { KeptCopy } from "../../shared/login/kept.ts";
import { exitCodeOf } from "../../shared/login/rules.ts";
import { type Snapshot, sameButTime } from "../../shared/login/snapshot.ts";
import { keptCopySentences } from "../../shared/words/kept.ts";
import { visible } from "../../shared/words/visible.ts";
import type { Invocation } from "../arguments.ts";
import type { Output } from "../output.ts";
import { wrap } from "../text/cells.ts";
import { jsonDocument, jsonLine } from "../text/json.ts";
import { ENTER_SCREEN, frame, LEAVE_SCREEN } from "../text/screen.ts";
import { accountsText, statusText } from "../text/table.ts";
import { waybarLine, waybarTrouble } from "../text/waybar.ts";
import type { CommandContext } from "./commands.ts";

const LOOK_MS = 1_000;

/** Shows it once. @returns the exit code: by the worst login, and 0 for a bar, which would hide what ends with another. */
export async function show(asked: Invocation, context: CommandContext): Promise<number> {
  const { engine, output, authFileFrom } = context;
  if (asked.watch) return watch(asked, context);
  const snapshot = await engine.status();
  if (asked.json) output.out(jsonDocument(snapshot));
  else if (asked.format !== null) output.out(waybarLine(snapshot));
  else if (asked.command === "accounts")
    output.out(accountsText(snapshot, { width: lineWidth(output), colour: output.colour, authFileFrom }));
  else output.out(await textOf(engine, snapshot, context));
  return asked.format === null ? exitCodeOf(snapshot) : 0;
}

/** Who reads line by line, such as `grep` behind a pipe, gets each thing in one. */
export function lineWidth(output: Output): number {
  return output.terminal ? output.width() : Number.POSITIVE_INFINITY;
}

/** Removed logins of which a copy is kept, as lines of their own; "" where there is none. */
export function keptText(kept: readonly KeptCopy[], now: number, output: Output): string {
  const lines = kept.flatMap((copy) => wrap(visible(keptCopySentences(copy, now).join(" ")), output.width(), "  "));
  return lines.length === 0 ? "" : `\n${lines.join("\n")}\n`;
}

async function textOf(
  engine: Pick<Engine, "keptCopies">,
  snapshot: Snapshot,
  { output, now, authFileFrom }: CommandContext,
): Promise<string> {
  const table = statusText(snapshot, { width: output.width(), colour: output.colour, authFileFrom });
  return table + keptText(await engine.keptCopies(), now(), output);
}

// ---- at each change --------------------------------------------------------------------------------------------------

/** What is shown now, and whether it says something new. */
type Draw = () => Promise<void>;

/** Until it is stopped, or nobody reads any more. @returns the exit code. */
async function watch(asked: Invocation, context: CommandContext): Promise<number> {
  const { output, signal, sleep } = context;
  const isPicture = output.terminal && output.moves && !asked.json && asked.format === null;
  const over = AbortSignal.any([signal, output.gone]);
  const look = async (draw: Draw) => {
    while (!over.aborted) {
      await draw();
      await sleep(LOOK_MS, over);
    }
  };
  if (isPicture) await onScreen(context, look);
  else await look(asked.json || asked.format !== null ? eachLine(asked, context) : eachText(context));
  return 0;
}

/** Drawn in place; what was seen last stays when it ends. */
async function onScreen(context: CommandContext, look: (draw: Draw) => Promise<void>): Promise<void> {
  const { output } = context;
  let text = "";
  let drawn = "";
  output.out(ENTER_SCREEN);
  try {
    await look(async () => {
      text = (await current(context)).text;
      const picture = frame(text, output.height());
      if (picture !== drawn) output.out(picture);
      drawn = picture;
    });
  } finally {
    output.out(`${LEAVE_SCREEN}${text}`);
  }
}

/** Times go by all the time: only what happened is news. */
function eachText(context: CommandContext): Draw {
  let last: Awaited<ReturnType<typeof current>> | null = null;
  return async () => {
    const { snapshot, text } = await current(context);
    const isSame =
      last !== null &&
      (snapshot === null || last.snapshot === null ? text === last.text : sameButTime(snapshot, last.snapshot));
    if (!isSame) context.output.out(`${last === null ? "" : "\n"}${text}`);
    last = { snapshot, text };
  };
}

function eachLine(asked: Invocation, context: CommandContext): Draw {
  const { lookAnew, output } = context;
  const status = async () => (await lookAnew()).status();
  let last: string | null = null;
  return async () => {
    const { line, news } = await status().then(
      (snapshot) => {
        if (asked.json) return { line: jsonLine(snapshot), news: JSON.stringify({ ...snapshot, generatedAt: 0 }) };
        const bar = waybarLine(snapshot);
        return { line: bar, news: bar };
      },
      (error: unknown) => {
        // A program that reads snapshots could make nothing of a sentence.
        if (!(error instanceof UserError) || asked.json) throw error;
        const bar = waybarTrouble(error.message);
        return { line: bar, news: bar };
      },
    );
    if (news !== last) output.out(line);
    last = news;
  };
}

/** The status in words, or why there is none at present. */
async function current(
  context: CommandContext,
): Promise<{ readonly snapshot: Snapshot | null; readonly text: string }> {
  try {
    const engine = await context.lookAnew();
    const snapshot = await engine.status();
    return { snapshot, text: await textOf(engine, snapshot, context) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { snapshot: null, text: `${wrap(visible(error.message), context.output.width()).join("\n")}\n` };
  }
}
