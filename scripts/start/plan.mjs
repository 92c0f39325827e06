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

/** Flags of ours that npm takes for settings of its own, where the two dashes in front of them were forgotten. */
const NPM_TAKES = ["demo", "hidden", "once", "auth-file", "state-dir", "token-url", "api-url", "ping", "log-level"];

/**
 * `npm start --demo` reaches us without its flag, which npm keeps as a setting: who meant the demo would get the real thing.
 * @param {Readonly<NodeJS.ProcessEnv>} env
 * @returns {string | null} one sentence when that happened
 */
export function forgottenDashes(env) {
  const taken = NPM_TAKES.filter((name) => env[`npm_config_${name.replaceAll("-", "_")}`] !== undefined);
  if (taken.length === 0) return null;
  const words = taken.map((name) => `--${name}`).join(" ");
  return `npm kept ${words} for itself. Flags go behind two dashes: npm start -- ${words}`;
}

/** What `npm start -- --help` says before the help of the keeper. */
export const START_HELP = `Usage: npm start -- [--hidden] [--demo] [flags]

Opens the app; without a display it runs the keeper in this terminal.

  --hidden  start in the tray, without a window
  --demo    made-up logins of a provider on this machine; nothing real is touched

Without a window it is "pilot-light run":
`;

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
