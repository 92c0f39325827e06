/** Where the window goes, and how large it is. Pure: all in the screen's own pixels, as Electron counts them. */

/** A rectangle on the screens. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is known of the window from before. */
export interface Placement {
  readonly box: Box;
  /** A person gave it this size; else it fits what it shows. */
  readonly sized: boolean;
  readonly maximized: boolean;
}

/** The size of a new window, and the least that one can have. */
export const SIZE = { width: 600, height: 480, minWidth: 360, minHeight: 160 } as const;

/** So much of a window's top must be on a screen that it can be seen and taken hold of. */
const HOLD = { width: 120, height: 40 } as const;

/** A size, and a place where there is a good one. */
export type Opening = Pick<Box, "width" | "height"> & Partial<Pick<Box, "x" | "y">>;

/**
 * @param before null = it was never open.
 * @param areas of each screen that there is now what a window can use; the main one first.
 * @returns where to open it: where it was, if that can still be seen; no larger than the screen.
 */
export function openingOf(before: Placement | null, areas: readonly Box[]): Opening {
  const [main] = areas;
  if (before === null) return main === undefined ? { width: SIZE.width, height: SIZE.height } : within(SIZE, main);
  const { box } = before;
  const area = areas.find((each) => holds(each, box));
  if (area === undefined) return main === undefined ? { width: box.width, height: box.height } : within(box, main);
  return moved({ ...box, ...within(box, area) }, area);
}

/** Room for a title bar that is there and not counted. */
const TITLE_BAR = 40;

/**
 * @param box of the window as it is.
 * @param frame the height of what is around the page, where it is counted in the box; 0 = it is not: X11 does not tell.
 * @param height that the page needs to show all that there is.
 * @returns the same window with that height, within its screen; it moves only where it would leave the screen.
 */
export function fitted(box: Box, frame: number, height: number, areas: readonly Box[]): Box {
  const wanted = { ...box, height: Math.max(SIZE.minHeight, Math.round(height + frame)) };
  const area = areas.find((each) => holds(each, box)) ?? areas[0];
  if (area === undefined) return wanted;
  // A window that is higher has a lower title bar, and stays.
  const title = frame > 0 ? 0 : Math.max(0, Math.min(TITLE_BAR, box.y - area.y));
  const room = { ...area, y: area.y + title, height: area.height - (frame > 0 ? 0 : TITLE_BAR) };
  return moved({ ...wanted, ...within(wanted, room) }, room);
}

/** Is the size another one than was given last? A window manager may round. */
export function isResized(now: Pick<Box, "width" | "height">, given: Pick<Box, "width" | "height">): boolean {
  return Math.abs(now.width - given.width) > 2 || Math.abs(now.height - given.height) > 2;
}

/** Can the top of the window be seen there, and taken hold of? */
function holds(area: Box, box: Box): boolean {
  const right = Math.min(area.x + area.width, box.x + box.width);
  const width = right - Math.max(area.x, box.x);
  // A window manager may count the title bar or not: a little above the screen is no reason to move it.
  const isHigh = box.y >= area.y - HOLD.height && box.y + HOLD.height <= area.y + area.height;
  return isHigh && width >= Math.min(HOLD.width, box.width);
}

function within({ width, height }: Pick<Box, "width" | "height">, area: Box): Pick<Box, "width" | "height"> {
  return { width: Math.min(width, area.width), height: Math.min(height, area.height) };
}

/** The same window, all of it on the screen. */
function moved(box: Box, area: Box): Box {
  return {
    ...box,
    x: Math.max(area.x, Math.min(box.x, area.x + area.width - box.width)),
    y: Math.max(area.y, Math.min(box.y, area.y + area.height - box.height)),
  };
}
