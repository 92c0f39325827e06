/**
 * Works off what is to be done, so many at a time: most of a refresh is looking after its write, which costs no time of the
 * processor. @returns how many were done: all, or fewer when `isOver` said so before the next.
 */
export async function inLanes<T>(
  lanes: number,
  jobs: readonly T[],
  isOver: () => boolean,
  work: (job: T) => Promise<void>,
): Promise<number> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < jobs.length && !isOver()) {
      const job = jobs[next++];
      if (job !== undefined) await work(job);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return next;
}
