import * as v from "valibot";
import { openStore } from "../start/store.ts";
import { type Memory, memorySchema } from "./due.ts";

/** Remembers what was told, across restarts; losing it costs no more than a notification that comes twice. */
export function openMemory(folder: string): { read(): Memory; write(memory: Memory): void } {
  const store = openStore({ cwd: folder, name: "notifications", clearInvalidConfig: true });
  return {
    read: () => v.parse(v.fallback(memorySchema, {}), store.get("episodes")),
    write: (memory) => store.set("episodes", memory),
  };
}
