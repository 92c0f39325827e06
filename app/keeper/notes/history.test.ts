import { expect, it } from "vitest";
import { createSimFiles, SimError } from "../../../sim/world/files.ts";
import { createHistory } from "./history.ts";

const EVENT = { at: 1, id: "anthropic", by: "us", what: "refreshed", fingerprint: null } as const;

it("a line that cannot be written is worth a warning, and is no error", async () => {
  const files = createSimFiles({ now: () => 1 });
  const warned: unknown[] = [];
  const history = createHistory(files, "/history", { warn: (msg, fields) => void warned.push([msg, fields]) });
  files.setGate((op) => {
    if (op === "write") throw new SimError("ENOSPC", op);
    return undefined;
  });
  await history.append([EVENT, EVENT]);
  expect(warned).toEqual([["the history could not be written", { events: 2, reason: "the disk is full" }]]);
  files.setGate(null);
  await history.append([EVENT]);
  expect(await history.read(null)).toEqual([EVENT]);
  expect(warned).toHaveLength(1);
});
