/** Lets pieces of work in one after the other, in the order in which they came. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

/** @returns a queue of its own. A piece that fails does not hold up those after it. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
