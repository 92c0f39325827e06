import { type OpenFile } from "../../ports/files.ts";

const CHUNK = 1024 * 1024;

/**
 * Does `needle` stand in the bytes from `from` up to `to` (or the end of the file)? It reads 1 MiB at a time, so memory
 * stays small. @throws what reading throws.
 */
export async function containsBytes(file: OpenFile, needle: Uint8Array, from: number, to: number): Promise<boolean> {
  const find = finder(needle);
  for (let position = from; position < to; ) {
    const chunk = await file.read(position, Math.min(CHUNK, to - position));
    if (find(chunk)) return true;
    // The next chunk begins early enough to see what lies across the border.
    const step = chunk.length - (needle.length - 1);
    if (step <= 0) return false;
    position += step;
  }
  return false;
}

/** Horspool's search: looks at about one byte in `needle.length`. */
function finder(needle: Uint8Array): (hay: Uint8Array) => boolean {
  const last = needle.length - 1;
  const skip = new Uint32Array(256).fill(needle.length);
  for (let index = 0; index < last; index += 1) skip[needle[index] ?? 0] = last - index;
  return (hay) => {
    for (let end = last; end < hay.length; end += skip[hay[end] ?? 0] ?? 1) {
      let back = 0;
      while (back <= last && hay[end - back] === needle[last - back]) back += 1;
      if (back > last) return true;
    }
    return false;
  };
}
