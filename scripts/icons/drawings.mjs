// @ts-check
/** What tray and window show of each degree, as shapes made of the flame in build/icon.svg. Pure. */

/**
 * Path data in a square of 64.
 * @typedef {object} Shape
 * @property {string} cut what the flame lacks; "" = nothing
 * @property {string} mark what is there beside it, filled by the even-odd rule; "" = nothing
 * @property {string} sign what stands in the mark, cut out or in another colour; "" = nothing
 */

/** The degrees of app/shared/login/need.ts, which no script can import; a test compares the two. */
export const DRAWN = /** @type {const} */ (["unreadable", "needsYou", "soon", "working", "paused", "well"]);

/** @typedef {(typeof DRAWN)[number]} Drawn */

/**
 * Each stands out from a dark and from a light panel.
 * @type {Readonly<Record<Drawn, {flame: string, mark: string, sign?: string}>>}
 */
const COLOURS = {
  unreadable: { flame: "#7b8089", mark: "#7b8089" },
  needsYou: { flame: "#f07c12", mark: "#e5322d", sign: "#fff" },
  soon: { flame: "#f07c12", mark: "#f07c12" },
  working: { flame: "#f07c12", mark: "#f07c12" },
  paused: { flame: "#f07c12", mark: "#f07c12" },
  well: { flame: "#f07c12", mark: "#f07c12" },
};

/**
 * @param {string} icon the text of build/icon.svg
 * @returns {string} the flame as path data, of absolute coordinates only
 */
export function flameOf(icon) {
  const d = /id="flame"[^>]* d="([^"]+)"/.exec(icon)?.[1];
  if (d === undefined) throw new Error('build/icon.svg holds no path with the id "flame"');
  return d;
}

/**
 * They differ in their shape, so that nothing hangs on a colour. At 16 pixels 4 units are one pixel: what matters lies on
 * whole ones, and no gap is narrower.
 * @param {string} flame
 * @returns {Readonly<Record<Drawn, Shape>>}
 */
export function shapesOf(flame) {
  return {
    // Struck out, with a gap beside the stroke.
    unreadable: { cut: stroke(2, 14, 62, 62, 18), mark: stroke(6, 10, 58, 62, 7), sign: "" },
    // A disc with "!" in it.
    needsYou: { cut: disc(44, 44, 24), mark: disc(44, 44, 20), sign: `${box(40, 28, 8, 18)}${box(40, 50, 8, 8)}` },
    // A clock: a ring with two hands.
    soon: {
      cut: disc(44, 44, 24),
      mark: `${disc(44, 44, 20)}${disc(44, 44, 14.5)}${box(40, 33, 6, 15)}${box(46, 42, 7, 6)}`,
      sign: "",
    },
    // Three dots in place of its foot.
    working: { cut: box(0, 44, 64, 20), mark: [14, 32, 50].map((x) => disc(x, 55, 6)).join(""), sign: "" },
    // Hollow.
    paused: { cut: scaled(flame, 0.6, 32, 42), mark: "", sign: "" },
    well: { cut: "", mark: "", sign: "" },
  };
}

/**
 * @param {string} icon the text of build/icon.svg
 * @param {Drawn} degree
 * @param {boolean} template true = black and alpha alone, as macOS wants it
 * @returns {string} an SVG of 64 by 64
 */
export function trayDrawing(icon, degree, template) {
  const flame = flameOf(icon);
  const { cut, mark, sign } = shapesOf(flame)[degree];
  /** @type {(typeof COLOURS)[Drawn]} */
  const colours = template ? { flame: "#000", mark: "#000" } : COLOURS[degree];
  const hole = `<mask id="hole" maskUnits="userSpaceOnUse" x="0" y="0" width="64" height="64"><rect width="64" height="64" fill="#fff"/><path d="${cut}" fill="#000"/></mask>`;
  const body = `<path d="${flame}" fill="${colours.flame}"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">`,
    cut === "" ? body : `${hole}<g mask="url(#hole)">${body}</g>`,
    ...(colours.sign === undefined
      ? [filled(`${mark}${sign}`, colours.mark)]
      : [filled(mark, colours.mark), filled(sign, colours.sign)]),
    "</svg>",
  ].join("");
}

/**
 * @param {string} d "" = nothing
 * @param {string} colour
 */
function filled(d, colour) {
  return d === "" ? "" : `<path d="${d}" fill="${colour}" fill-rule="evenodd"/>`;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
function disc(x, y, r) {
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function box(x, y, width, height) {
  return `M${x} ${y}v${height}h${width}v${-height}z`;
}

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {number} width
 */
function stroke(x1, y1, x2, y2, width) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [dx, dy] = [((y1 - y2) / length) * (width / 2), ((x2 - x1) / length) * (width / 2)];
  const corners = [
    [x1 + dx, y1 + dy],
    [x2 + dx, y2 + dy],
    [x2 - dx, y2 - dy],
    [x1 - dx, y1 - dy],
  ];
  return `M${corners.map((corner) => corner.map(short).join(" ")).join("L")}z`;
}

/**
 * @param {string} d path data of absolute coordinates only
 * @param {number} factor
 * @param {number} x what stays in its place
 * @param {number} y
 */
function scaled(d, factor, x, y) {
  let at = 0;
  return d.replace(/-?[\d.]+/g, (value) => {
    const fixed = at % 2 === 0 ? x : y;
    at += 1;
    return short(fixed + (Number(value) - fixed) * factor);
  });
}

/** @param {number} value */
function short(value) {
  return String(Math.round(value * 100) / 100);
}
