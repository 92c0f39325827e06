/** Where in the shared file each offset stands, in ms, as a Float64: what a virtual clock is ahead of its real one. */
export const OFFSETS = {
  /** The computer's own clock, right or wrong. */
  wall: 0,
  monotonic: 1,
  /** The time that everybody else lives in, servers among them. */
  true: 2,
  count: 3,
} as const;
