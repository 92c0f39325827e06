import * as v from "valibot";
import { openKeptValue } from "../start/store.ts";
import { type Memory, memorySchema } from "./due.ts";

/** Remembers what was told, across restarts; losing it costs no more than a notification that comes twice. */
export function openMemory(folder: string): { read(): Memory; write(memory: Memory): void } {
  const kept = openKeptValue(folder, "notifications", "episodes");
  return {
    read: () => v.parse(v.fallback(memorySchema, {}), kept.read()),
    write: (memory) => kept.write(memory),
  };
}
