import { expect, it } from "vitest";
import { stall } from "./stall.ts";

it("loses no login and reuses no token by standing still in a refresh", async () => {
  const say = (line: string): void => console.info(line);
  const { counts, failures } = await stall.run({ form: "short", seed: 1, minutes: null, say });
  console.info(counts);
  expect(failures).toEqual([]);
});
