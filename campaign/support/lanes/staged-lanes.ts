/** What rounds side by side have each for itself: a provider, and homes that are used for some rounds. */
import { startTokenServer, type TokenServer } from "../../../e2e/support/server/token-server.ts";
import { type Shape, type Stage, setStage } from "../stage.ts";

/** So many rounds in one home: its notes grow, and each login meets those of the ones before. */
const ROUNDS_IN_A_HOME = 6;
export interface Lane {
  readonly server: TokenServer;
  readonly stages: Map<Shape, { stage: Stage; left: number }>;
}

/** @returns so many lanes for as long as `use` takes. */
export async function withLanes<T>(count: number, use: (lanes: readonly Lane[]) => Promise<T>): Promise<T> {
  const lanes: Lane[] = [];
  try {
    for (let which = 0; which < count; which += 1) lanes.push({ server: await startTokenServer(), stages: new Map() });
    return await use(lanes);
  } finally {
    for (const { stages, server } of lanes) {
      for (const { stage } of stages.values()) await stage.close();
      await server.close();
    }
  }
}

export function laneOf(lanes: readonly Lane[], which: number): Lane {
  const lane = lanes[which % lanes.length];
  if (lane === undefined) throw new RangeError("there is no lane");
  return lane;
}

export async function stageOf(lane: Lane, shape: Shape): Promise<Stage> {
  const known = lane.stages.get(shape);
  if (known !== undefined && known.left > 0) {
    known.left -= 1;
    return known.stage;
  }
  await leave(lane, shape);
  const stage = await setStage(lane.server, shape);
  lane.stages.set(shape, { stage, left: ROUNDS_IN_A_HOME - 1 });
  return stage;
}

export async function leave(lane: Lane, shape: Shape): Promise<void> {
  const known = lane.stages.get(shape);
  lane.stages.delete(shape);
  await known?.stage.close();
}
