// @ts-check
/** The linter: `npx oxlint -c oxlint.config.mjs --type-aware`, or `npm run check`. The walls stand in scripts/lint/walls.mjs. */

const NETWORK = ["fetch", "WebSocket", "XMLHttpRequest", "EventSource"];
const TIMERS = ["setTimeout", "setInterval", "setImmediate", "performance"];

/** @param {string} message @param {readonly string[]} names */
const globals = (message, names) => names.map((name) => ({ name, message }));

/** @param {readonly { name: string, message: string }[]} list */
const noGlobals = (...list) => ["error", { globals: list, checkGlobalObject: true }];

const NO_RECORD = { object: "v", property: "record", message: 'It drops the key "__proto__": use byId.' };
const NO_BEACON = { object: "navigator", property: "sendBeacon", message: "Network belongs to app/platform." };
const TESTS = ["app/**/*.test.ts", "app/**/*.test.tsx", "app/**/testing/**"];

export default {
  options: { typeAware: true, reportUnusedDisableDirectives: "error" },
  plugins: ["typescript", "unicorn", "oxc", "import"],
  jsPlugins: ["./scripts/lint/rules.mjs"],
  categories: { correctness: "error", suspicious: "error" },
  ignorePatterns: ["out/**", "release/**", "node_modules/**"],
  rules: {
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/await-thenable": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-require-imports": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/no-unsafe-argument": "error",
    "typescript/no-unsafe-assignment": "error",
    "typescript/no-unsafe-call": "error",
    "typescript/no-unsafe-function-type": "error",
    "typescript/no-unsafe-member-access": "error",
    "typescript/no-unsafe-return": "error",
    "typescript/no-unsafe-type-assertion": "error",
    "typescript/no-unsafe-enum-comparison": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    "typescript/consistent-type-imports": "error",
    "import/no-cycle": "error",
    "import/no-named-as-default-member": "off",
    "max-lines": ["error", { max: 300 }],
    "ours/comment-width": "error",
    "typescript/consistent-return": "off",
    "unicorn/consistent-function-scoping": "off",
    "unicorn/no-array-sort": "off",
    "no-underscore-dangle": "off",
    "no-unmodified-loop-condition": "off",
    "unicorn/no-array-reverse": "off",
  },
  overrides: [
    {
      files: ["app/**"],
      rules: {
        "ours/no-string-records": "error",
        "ours/walls": "error",
        "no-restricted-globals": noGlobals(...globals("Network belongs to app/platform.", NETWORK)),
        "no-restricted-properties": ["error", NO_RECORD, NO_BEACON],
      },
    },
    { files: ["app/platform/**", "app/assemble/**"], rules: { "no-restricted-globals": "off" } },
    {
      files: ["app/shared/**", "app/ports/**", "app/keeper/**", "app/credentials/**", "app/providers/**"],
      rules: {
        "no-restricted-globals": noGlobals(
          ...globals("Ask the Clock port.", TIMERS),
          ...globals("Ask the Random or the Fingerprint port.", ["crypto"]),
          ...globals("Ask the Http port.", NETWORK),
        ),
        "no-restricted-properties": [
          "error",
          NO_RECORD,
          NO_BEACON,
          { object: "Date", property: "now", message: "Ask the Clock port." },
          { object: "performance", property: "now", message: "Ask the Clock port." },
          { object: "Math", property: "random", message: "Ask the Random port." },
        ],
      },
    },
    {
      files: ["app/shared/**"],
      rules: {
        "no-restricted-globals": noGlobals(
          ...globals("This also runs in a page, which has none.", ["process", "Buffer"]),
          ...globals("app/shared computes: time and chance are handed to it.", [...TIMERS, "crypto"]),
          ...globals("Network belongs to app/platform.", NETWORK),
        ),
      },
    },
    {
      files: TESTS,
      rules: {
        "ours/walls": "off",
        "ours/no-string-records": "off",
        "no-restricted-globals": "off",
        "no-restricted-properties": "off",
      },
    },
    {
      files: ["**/*.test.ts", "**/*.test.tsx", "**/testing/**", "sim/**", "campaign/**", "e2e/**"],
      plugins: ["typescript", "unicorn", "oxc", "import", "vitest"],
      rules: {
        "typescript/no-non-null-assertion": "off",
        "typescript/no-unsafe-assignment": "off",
        "typescript/unbound-method": "off",
        "typescript/no-unsafe-type-assertion": "off",
        "vitest/no-disabled-tests": "error",
        "vitest/no-focused-tests": "error",
      },
    },
    { files: ["app/shared/data/by-id.ts"], rules: { "ours/no-string-records": "off" } },
  ],
};
