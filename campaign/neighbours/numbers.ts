import type { Bundle } from "../../e2e/support/bundle.ts";

export interface LaneOptions {
  readonly program: Bundle;
  readonly opencodes: number;
  /** Of ours. 0 = a control: whatever is lost then was lost by the others. */
  readonly processes: number;
  /** Does a backup tool put old copies back? */
  readonly backups: boolean;
  /** What is not put right after so long counts as lost. */
  readonly patienceMs: number;
  /** Entries of the other programs. */
  readonly entries: number;
}

export interface Counts {
  writes: number;
  byOpencode: number;
  restores: number;
  reads: number;
  calms: number;
  lost: number;
  lostAgain: number;
  inWindow: number;
}

export function noCounts(): Counts {
  return { writes: 0, byOpencode: 0, restores: 0, reads: 0, calms: 0, lost: 0, lostAgain: 0, inWindow: 0 };
}
