/**
 * Does `work` for each of `items`, `width` of them at the same time. After `isOver` nothing new begins; what is under way
 * is waited for. @throws the first error of `work`, when all that had begun is over. @returns how many were done
 */
export async function sideBySide<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
  isOver: () => boolean = () => false,
): Promise<number> {
  const queue = items[Symbol.iterator]();
  let done = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (!failed && !isOver()) {
      const next = queue.next();
      if (next.done === true) return;
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
      done += 1;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: width }, lane));
  const broken = ends.find((end) => end.status === "rejected");
  if (broken !== undefined) throw broken.reason;
  return done;
}
