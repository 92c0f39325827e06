/** The flame and its shapes in a square of 64: made by `npm run icons` out of scripts/icons/drawings.mjs. */

/** Path data. */
export const FLAME =
  "M35 2 C36 14 52 23 52 41 C52 53.5 43 62 32 62 C21 62 12 53.5 12 42 C12 33.5 16.5 28 20.5 23 C21.5 28.5 24 31 27 31.5 C30.5 22 28.5 11 35 2 Z";

/** Of each degree what the flame lacks, and what is there beside it, by the even-odd rule. */
export const SHAPES = {
  unreadable: {
    cut: "M-3.62 21.03L56.38 69.03L67.62 54.97L7.62 6.97z",
    mark: "M3.53 12.47L55.53 64.47L60.47 59.53L8.47 7.53z",
  },
  needsYou: {
    cut: "M20 44a24 24 0 1 0 48 0a24 24 0 1 0 -48 0z",
    mark: "M24 44a20 20 0 1 0 40 0a20 20 0 1 0 -40 0zM40 28v18h8v-18zM40 50v8h8v-8z",
  },
  soon: {
    cut: "M20 44a24 24 0 1 0 48 0a24 24 0 1 0 -48 0z",
    mark: "M24 44a20 20 0 1 0 40 0a20 20 0 1 0 -40 0zM29.5 44a14.5 14.5 0 1 0 29 0a14.5 14.5 0 1 0 -29 0zM40 33v15h6v-15zM46 42v6h7v-6z",
  },
  working: {
    cut: "M0 44v20h64v-20z",
    mark: "M8 55a6 6 0 1 0 12 0a6 6 0 1 0 -12 0zM26 55a6 6 0 1 0 12 0a6 6 0 1 0 -12 0zM44 55a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z",
  },
  paused: {
    cut: "M33.8 18 C34.4 25.2 44 30.6 44 41.4 C44 48.9 38.6 54 32 54 C25.4 54 20 48.9 20 42 C20 36.9 22.7 33.6 25.1 30.6 C25.7 33.9 27.2 35.4 29 35.7 C31.1 30 29.9 23.4 33.8 18 Z",
    mark: "",
  },
  well: {
    cut: "",
    mark: "",
  },
} as const;
