// @ts-check
/** What the tray shows, as SVG text made of the flame in build/icon.svg. Pure. */

/** The states that the tray shows. @type {readonly ["well", "paused", "needs-you", "unreadable"]} */
export const TRAY_STATES = ["well", "paused", "needs-you", "unreadable"];

/**
 * Each stands out from a dark and from a light panel, and each differs from the others in its shape, too, not in colour alone.
 * @type {Readonly<Record<(typeof TRAY_STATES)[number], string>>}
 */
const COLOURS = { well: "#f07c12", paused: "#f07c12", "needs-you": "#f07c12", unreadable: "#8b9099" };
const DOT = "#e5322d";

/**
 * @param {string} icon the text of build/icon.svg
 * @param {(typeof TRAY_STATES)[number]} state
 * @param {boolean} template true = black and alpha alone, as macOS wants it
 * @returns {string} an SVG of 64 by 64
 */
export function trayDrawing(icon, state, template) {
  const d = /id="flame"[^>]* d="([^"]+)"/.exec(icon)?.[1];
  if (d === undefined) throw new Error('build/icon.svg holds no path with the id "flame"');
  const colour = template ? "#000" : COLOURS[state];
  const dot = template ? "#000" : DOT;
  const solid = `<path d="${d}" fill="${colour}"/>`;
  /** @type {Readonly<Record<(typeof TRAY_STATES)[number], string>>} */
  const shapes = {
    well: solid,
    // The line lies inside the flame's edge, so that all states are of one size.
    paused: `<clipPath id="in"><path d="${d}"/></clipPath><path d="${d}" fill="none" stroke="${colour}" stroke-width="15" stroke-linejoin="round" clip-path="url(#in)"/>`,
    // A gap around the dot keeps the two apart in one colour.
    "needs-you": `${masked(solid, '<circle cx="49.5" cy="49.5" r="18" fill="#000"/>')}<circle cx="49.5" cy="49.5" r="13" fill="${dot}"/>`,
    unreadable: masked(solid, '<path d="M6 60 L60 20" stroke="#000" stroke-width="8"/>'),
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${shapes[state]}</svg>`;
}

/**
 * @param {string} shape
 * @param {string} hole drawn in black where nothing is to be seen
 */
function masked(shape, hole) {
  return `<mask id="hole" maskUnits="userSpaceOnUse" x="0" y="0" width="64" height="64"><rect width="64" height="64" fill="#fff"/>${hole}</mask><g mask="url(#hole)">${shape}</g>`;
}
