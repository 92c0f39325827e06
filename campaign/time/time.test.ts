import { expect, it } from "vitest";
import { time } from "./time.ts";

it("keeps four logins alive through a day of sleep and wrong clocks", async () => {
  const { counts, failures } = await time.run({ form: "short", seed: 1, minutes: null, say: () => undefined });
  console.info(counts);
  expect(failures).toEqual([]);
});
