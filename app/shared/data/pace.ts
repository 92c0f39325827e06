/**
 * A limit for what a page or another program may ask for.
 * @param now ms of a clock that nobody sets.
 * @returns what says whether it may be done once more: at most `count` times within any `withinMs`.
 */
export function atMost(count: number, withinMs: number, now: () => number): () => boolean {
  let times: readonly number[] = [];
  return () => {
    const at = now();
    const recent = times.filter((time) => at - time < withinMs);
    const isAllowed = recent.length < count;
    times = isAllowed ? [...recent, at] : recent;
    return isAllowed;
  };
}
