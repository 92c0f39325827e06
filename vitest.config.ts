import { defineConfig } from "vitest/config";
import { productVersion } from "./scripts/version.mjs";

/** Rings: "unit" beside the code, "model" the long simulations of the engine, "e2e" with real programs. */
export default defineConfig(async () => {
  const define = { __VERSION__: JSON.stringify(await productVersion()) };
  return {
    test: {
      projects: [
        {
          define,
          test: {
            name: "unit",
            include: ["app/**/*.test.ts", "sim/**/*.test.ts", "scripts/**/*.test.ts"],
            exclude: ["sim/**/*.model.test.ts"],
            // Against a test that hangs; a busy machine may take its time.
            testTimeout: 60_000,
            sequence: { groupOrder: 0 },
          },
        },
        {
          define,
          test: { name: "model", include: ["sim/**/*.model.test.ts"], sequence: { groupOrder: 1 } },
        },
        {
          define,
          test: {
            name: "e2e",
            include: ["e2e/**/*.test.ts"],
            // As above; dozens of processes may share the machine.
            testTimeout: 120_000,
            hookTimeout: 120_000,
            sequence: { groupOrder: 2 },
          },
        },
        {
          define,
          // The short form of each campaign; `npm run campaign` runs them whole.
          test: {
            name: "campaign",
            include: ["campaign/**/*.test.ts"],
            testTimeout: 240_000,
            hookTimeout: 60_000,
            sequence: { groupOrder: 2 },
          },
        },
        {
          define,
          // No test: it makes docs/screens/ (`npm run screens`).
          test: {
            name: "screens",
            include: ["e2e/app/screens.ts", "e2e/window/screens.ts"],
            testTimeout: 120_000,
            hookTimeout: 60_000,
            sequence: { groupOrder: 3 },
          },
        },
        {
          define,
          // No test: it makes docs/first-hour.md (`npm run first-hour`).
          test: {
            name: "first-hour",
            include: ["e2e/app/first-hour.ts"],
            testTimeout: 900_000,
            hookTimeout: 60_000,
            sequence: { groupOrder: 3 },
          },
        },
      ],
    },
  };
});
