/**
 * The word of `words` that was probably meant by `typed`: a beginning or a part of it, or a few slips away: three in a long
 * word, and in one of three letters none but a letter too many, too few or out of place. null when none is near.
 */
export function nearestWord(typed: string, words: readonly string[]): string | null {
  const said = plain(typed);
  if (said === "") return null;
  const ranked = words
    .map((word) => ({ word, distance: distanceOf(said, plain(word)) }))
    .filter(({ word, distance }) => distance <= allowance(said, plain(word)))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.word ?? null;
}

/** Dashes, underscores and case are what people get wrong most. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, "");
}

function allowance(said: string, word: string): number {
  if (word.includes(said) && said.length >= 3) return Number.POSITIVE_INFINITY;
  const longest = Math.max(said.length, word.length);
  // "foo" is no slip of "for".
  if (longest <= 3) return said.length !== word.length || lettersOf(said) === lettersOf(word) ? 1 : 0;
  return longest <= 5 ? 1 : longest <= 8 ? 2 : 3;
}

function lettersOf(word: string): string {
  return Array.from(word).sort().join("");
}

/** Slips: a letter too many, too few, wrong, or two that changed places. */
function distanceOf(a: string, b: string): number {
  // A whole file may have been pasted; nothing that long is a word.
  if (Math.abs(a.length - b.length) > 32) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
