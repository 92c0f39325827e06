/** @returns the value, or undefined when the text is no JSON. It never throws. */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
