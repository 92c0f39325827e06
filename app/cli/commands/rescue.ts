/** `rescue`: what could be put back, and putting it back once a person said so. */
import type { Engine } from "../../keeper/api.ts";
import { UserError } from "../../shared/data/errors.ts";
import type { HistoryEvent } from "../../shared/login/history.ts";
import type { Rescuable } from "../../shared/login/kept.ts";
import { exitCodeOf } from "../../shared/login/rules.ts";
import { publicEvent } from "../../shared/words/history.ts";
import {
  NOTHING_TO_RESCUE,
  RESCUE_WORDS,
  rescuableSentences,
  rescueObstacleWords,
  rescuePlan,
  rescueRefused,
  unknownRescue,
} from "../../shared/words/kept.ts";
import { visible } from "../../shared/words/visible.ts";
import type { Invocation } from "../arguments.ts";
import { wrap } from "../text/cells.ts";
import { historyText } from "../text/history.ts";
import { jsonDocument } from "../text/json.ts";
import { fileProblem } from "../text/table.ts";
import type { CommandContext } from "./commands.ts";

/** How much of the history is shown with each. */
const EVENTS_SHOWN = 5;

/** @returns the exit code. @throws UserError for a login of which there is nothing, and where nobody said yes. */
export async function rescue(asked: Invocation, context: CommandContext): Promise<number> {
  const snapshot = await context.engine.status();
  if (snapshot.file.problem !== null) throw fileProblem(snapshot);
  const [id] = asked.ids;
  const offers = await context.engine.rescuables();
  if (id === undefined) return list(asked, context, offers);
  return putBack(asked, context, found(id, offers));
}

/** A wrong ID is found before anything is made. */
export async function checkRescueId(engine: Engine, id: string): Promise<void> {
  found(id, await engine.rescuables());
}

function found(id: string, offers: readonly Rescuable[]): Rescuable {
  const offer = offers.find((each) => each.id === id);
  if (offer !== undefined) return offer;
  throw new UserError(
    unknownRescue(
      id,
      offers.map((each) => each.id),
    ),
    2,
  );
}

async function list(
  asked: Invocation,
  { engine, output, now }: CommandContext,
  offers: readonly Rescuable[],
): Promise<number> {
  // Pings tell nothing of how it was lost.
  const historyOf = async (id: string) => (await engine.history(id)).filter(({ what }) => what.kind !== "pinged");
  const told = await Promise.all(offers.map(async (offer) => ({ offer, events: await historyOf(offer.id) })));
  if (asked.json) {
    const shown = told.map(({ offer, events }) => ({
      ...offer,
      obstacle: offer.obstacle === null ? null : rescueObstacleWords(offer.obstacle),
      obstacleKind: offer.obstacle,
      history: events.map(publicEvent),
    }));
    output.out(jsonDocument({ version: 1, rescuables: shown }));
  } else if (told.length === 0) {
    output.out(`${NOTHING_TO_RESCUE}\n`);
  } else {
    output.out(told.map(({ offer, events }) => text(offer, events, now(), output.width())).join("\n"));
  }
  return 0;
}

function text(offer: Rescuable, events: readonly HistoryEvent[], now: number, width: number): string {
  const said = wrap(visible(rescuableSentences(offer, now).join(" ")), width, "");
  return `${said.join("\n")}\n${historyText(events.slice(-EVENTS_SHOWN), { width, indent: "  " })}`;
}

async function putBack(asked: Invocation, context: CommandContext, offer: Rescuable): Promise<number> {
  const { engine, output, ask, signal } = context;
  if (offer.obstacle !== null) throw new UserError(rescueRefused(offer.id, offer.obstacle), 1);
  const plan = visible(rescuePlan(offer));
  if (!asked.json) output.out(`${plan}\n`);
  if (!asked.yes) {
    if (ask === null) throw new UserError(RESCUE_WORDS.nobodyToAsk, 2);
    if (!/^\s*y(es)?\s*$/i.test(await ask(RESCUE_WORDS.question))) {
      output.out(`${RESCUE_WORDS.declined}\n`);
      return 0;
    }
  }
  const { id, sentence, notNow } = await engine.rescue(offer, signal);
  const after = await engine.status();
  const meant = after.accounts.filter((login) => login.id === id);
  if (asked.json) output.out(jsonDocument({ version: 1, results: [{ id, sentence, state: meant[0]?.state ?? null }] }));
  else output.out(`${visible(id)}: ${visible(sentence)}\n`);
  const code = exitCodeOf(after, meant);
  return code === 0 && notNow === true ? 3 : code;
}
