// @ts-check
/** The walls of the house: which folder may import which. The linter's one table; `walls.test.ts` shows that it bites. */
import { posix } from "node:path";

/** What a page has not, or what would bring the world into what only computes. */
const NODE =
  /^node:|^(fs|crypto|net|tls|https?|http2|dgram|dns|child_process|path|os|url|util|events|stream|process|buffer)(\/|$)/;
const OUTSIDE = /^(node:)?(fs|crypto|net|tls|https?|http2|dgram|dns|child_process)(\/|$)|^axios(\/|$)/;

/**
 * One folder of app/, with everything below it that has no line of its own; `may` names folders or files, beside its own.
 * @typedef {object} Wall
 * @property {string} folder
 * @property {readonly string[]} may
 * @property {readonly string[]} [world] the packages and modules that it alone may have
 * @property {true} [page] it also runs in a page: no module of Node
 */

const SHARED = ["shared/data", "shared/login", "shared", "shared/view", "shared/words"];
const BASE = [...SHARED, "ports"];
const ROOM = ["keeper/context.ts", "keeper/api.ts"];
const KEEPER = ["keeper/notes", "keeper/decide", "keeper/refresh", "keeper/loop", "keeper/commands"];
const FILE = ["credentials/read", "credentials/neighbour", "credentials/write", "credentials/find"];
const PARTS = [...BASE, "keeper", ...ROOM, ...KEEPER, "credentials", ...FILE, "providers", "platform"];

/** Lowest floor first: none imports what stands below its own line. @type {readonly Wall[]} */
const WALLS = [
  { folder: "shared/data", may: [], page: true },
  { folder: "shared/login", may: ["shared/data"], page: true },
  // The settings.
  { folder: "shared", may: ["shared/data", "shared/login"], page: true },
  { folder: "shared/view", may: ["shared/data", "shared/login", "shared"], page: true },
  { folder: "shared/words", may: ["shared/data", "shared/login", "shared", "shared/view"], page: true },
  { folder: "ports", may: SHARED },

  { folder: "keeper/notes", may: BASE },
  { folder: "keeper/decide", may: [...BASE, "keeper/notes"] },
  { folder: "keeper/refresh", may: [...BASE, ...ROOM, "keeper/notes", "keeper/decide"] },
  { folder: "keeper/loop", may: [...BASE, ...ROOM, "keeper/notes", "keeper/decide", "keeper/refresh"] },
  {
    folder: "keeper/commands",
    may: [...BASE, ...ROOM, "keeper/notes", "keeper/decide", "keeper/refresh", "keeper/loop"],
  },
  // The engine, its public face and its context.
  { folder: "keeper", may: [...BASE, ...KEEPER] },

  { folder: "credentials/read", may: BASE },
  { folder: "credentials/neighbour", may: [...BASE, "credentials/read"] },
  { folder: "credentials/write", may: [...BASE, "credentials/read", "credentials/neighbour"] },
  { folder: "credentials/find", may: [...BASE, "credentials/read"] },
  { folder: "credentials", may: [...BASE, ...FILE] },

  { folder: "providers", may: BASE },
  { folder: "platform", may: BASE, world: ["outside"] },
  { folder: "assemble", may: PARTS, world: ["outside"] },
  { folder: "demo", may: [...BASE, "platform", "assemble"] },
  { folder: "main", may: [...PARTS, "assemble", "demo"], world: ["electron", "electron-store"] },
  { folder: "preload", may: SHARED, world: ["electron"] },
  { folder: "renderer", may: SHARED, page: true },
  { folder: "cli", may: [...PARTS, "assemble", "demo"], world: ["conf"] },
];

/** Their schemas would come into the page with them; types cost nothing. */
const ONLY_TYPES_IN_THE_PAGE =
  /^shared\/(view\/(contract|settings-change|start-lock|view)|login\/(history|snapshot|[a-z-]+-schema)|settings)\.ts$/;
/** Network is the platform's, and one file opens what the window names: paths that main knows, and no address. */
const NOT_OF_ELECTRON = new Set(["net", "session", "shell"]);
const OPENS = "main/window/shell.ts";

/**
 * What one import asks for.
 * @typedef {object} Import
 * @property {string} from the file that imports, below app/
 * @property {string} specifier
 * @property {boolean} types nothing of it remains at run time
 * @property {readonly string[]} names
 */

/**
 * @param {Import} asked
 * @returns {string | null} why it may not, or null
 */
export function whyNot({ from, specifier, types, names }) {
  const wall = wallOf(from);
  if (wall === undefined) return "This folder has no line in scripts/lint/walls.mjs.";
  if (!specifier.startsWith(".")) return whyNotPackage(wall, { from, specifier, types, names });
  const path = posix.normalize(posix.join(posix.dirname(from), specifier));
  if (/[^./]\/\.\.\/|^\.\/\.\.\//.test(specifier)) return "Name the file by its shortest path.";
  if (path.startsWith("..") || /(^|\/)testing\/|\.test\.tsx?$/.test(path))
    return "The product imports no tests, no simulation and nothing outside app/.";
  if (wall.folder === "renderer" && !types && ONLY_TYPES_IN_THE_PAGE.test(path))
    return "Only types: what is in it would bring its schemas into the page.";
  const target = wallOf(path);
  if (target === wall || [target?.folder, path].some((each) => wall.may.includes(each ?? ""))) return null;
  return `app/${wall.folder} may import only ${wall.may.map((each) => `app/${each}`).join(", ") || "itself"}.`;
}

/**
 * @param {Wall} wall
 * @param {Import} asked
 */
function whyNotPackage({ folder, page, world = [] }, { from, specifier: name, types, names }) {
  if (name.startsWith("/") || name.startsWith("file:")) return "Name the file by its shortest path.";
  if (page === true && (NODE.test(name) || OUTSIDE.test(name)))
    return "This also runs in a page: no module of Node, and no axios.";
  if (OUTSIDE.test(name) && !world.includes("outside"))
    return "Files, secrets, network and processes belong to app/platform.";
  const [, owned] = /^(electron|electron-store|conf)(?:\/|$)/.exec(name) ?? [];
  if (owned !== undefined && !world.includes(owned)) return `app/${folder} may not have ${owned}.`;
  const isRefused = (/** @type {string} */ each) => NOT_OF_ELECTRON.has(each) && !(each === "shell" && from === OPENS);
  if (owned === "electron" && folder === "main" && !types && names.some(isRefused))
    return `Network belongs to app/platform, and only app/${OPENS} opens anything.`;
  return null;
}

/** The longest line that fits. @param {string} path */
function wallOf(path) {
  const fitting = WALLS.filter(({ folder }) => path.startsWith(`${folder}/`));
  return fitting.toSorted((a, b) => b.folder.length - a.folder.length)[0];
}
