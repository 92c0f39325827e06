/** Is a series of measurements level? Pure. */

export interface Point {
  /** Minutes since the beginning. */
  readonly at: number;
  readonly value: number;
}

/** How much more of something is still level. Both must be exceeded before it is called a rise. */
export interface Bound {
  /** Of the lower edge, from the beginning of the second half to its end. */
  readonly rise: number;
  /** A minute. */
  readonly slope: number;
}

export interface Level {
  /** Least squares over the second half, a minute. */
  readonly slope: number;
  /** What the lowest of the last third of the second half is more than the lowest of its first third. */
  readonly rise: number;
  readonly from: number;
  readonly to: number;
  readonly rises: boolean;
}

/** In the first half a program warms up. */
export function levelOf(points: readonly Point[], bound: Bound): Level {
  const half = points.slice(Math.floor(points.length / 2));
  const third = Math.max(1, Math.floor(half.length / 3));
  const lowest = (some: readonly Point[]): number => Math.min(...some.map(({ value }) => value));
  const [from, to] = half.length === 0 ? [0, 0] : [lowest(half.slice(0, third)), lowest(half.slice(-third))];
  const slope = slopeOf(half);
  return { slope, rise: to - from, from, to, rises: to - from > bound.rise && slope > bound.slope };
}

function slopeOf(points: readonly Point[]): number {
  const mean = (of: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  if (points.length < 2) return 0;
  const [at, value] = [mean((point) => point.at), mean((point) => point.value)];
  const spread = points.reduce((sum, point) => sum + (point.at - at) ** 2, 0);
  if (spread === 0) return 0;
  return points.reduce((sum, point) => sum + (point.at - at) * (point.value - value), 0) / spread;
}
