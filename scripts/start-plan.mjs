// @ts-check
/** What `npm start -- FLAGS` starts: the app, or the keeper without a screen. Pure. */

/**
 * @typedef Surroundings
 * @property {NodeJS.Platform} platform
 * @property {Readonly<NodeJS.ProcessEnv>} env
 *
 * @typedef Plan
 * @property {"app" | "keeper"} what
 * @property {string | null} why of a keeper: one sentence, where it was not asked for by its own flags
 */

/** Flags that only the command line knows, or that are answered on the terminal. */
const KEEPER_ONLY = ["--once", "--json", "--help", "-h", "--version"];
/** Only the app knows it. */
const HIDDEN = "--hidden";

/**
 * @param {readonly string[]} flags
 * @param {Surroundings} surroundings
 * @returns {Plan}
 */
export function planStart(flags, { platform, env }) {
  if (flags.some((flag) => KEEPER_ONLY.includes(flag))) return { what: "keeper", why: null };
  const screen = platform !== "linux" || Boolean(env["DISPLAY"]) || Boolean(env["WAYLAND_DISPLAY"]);
  return screen ? { what: "app", why: null } : { what: "keeper", why: withoutApp("there is no display here") };
}

/**
 * @param {string} reason
 * @returns {string} the one line that says why no app opens
 */
export function withoutApp(reason) {
  return `The app cannot open, because ${reason}; the keeper runs in this terminal instead.`;
}

/**
 * @param {readonly string[]} flags as they were given to `npm start`
 * @returns {string[]} the words for the command line that does the same without a screen
 */
export function keeperWords(flags) {
  const words = flags.filter((flag) => flag !== HIDDEN);
  const demo = words.includes("--demo");
  return [demo ? "demo" : "run", ...words.filter((word) => word !== "--demo")];
}
