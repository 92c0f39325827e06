/** @returns the mount points named in the text of `/proc/self/mountinfo`, its octal escapes undone. */
export function parseMountPoints(mountinfo: string): ReadonlySet<string> {
  const points = new Set<string>();
  for (const line of mountinfo.split("\n")) {
    const point = line.split(" ")[4];
    if (point !== undefined) points.add(unescapeOctal(point));
  }
  return points;
}

/** The kernel writes a blank, tab, line end and backslash of a path as backslash and three octal digits. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
