import { describe, expect, it } from "vitest";
import { createQueue } from "./queue.ts";

describe("a queue", () => {
  it("lets no piece of work start before the one in front has ended, even if that one failed", async () => {
    const queue = createQueue();
    const seen: string[] = [];
    const piece = (name: string, fails: boolean) =>
      queue(async () => {
        seen.push(`${name} starts`);
        await Promise.resolve();
        seen.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const [first, second] = await Promise.allSettled([piece("a", true), piece("b", false)]);
    expect(seen).toEqual(["a starts", "a ends", "b starts", "b ends"]);
    expect(first.status).toBe("rejected");
    expect(second).toEqual({ status: "fulfilled", value: "b" });
  });
});
