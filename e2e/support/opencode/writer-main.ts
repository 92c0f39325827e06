/** Writes the credential file as opencode does, in a process of its own: see `writer.ts`, which starts it. */
import { chmod, open, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Turn, Written } from "./writer.ts";

const [, , path = ""] = process.argv;

/** Reads all, changes one entry, and some ms later opens without cutting, writes, cuts the tail, sets the mode. */
async function take({ id, key, gapMs }: Turn): Promise<Written> {
  const { [id]: _, ...others } = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  const text = JSON.stringify(key === null ? others : { ...others, [id]: { type: "api", key } }, null, 2);
  if (gapMs > 0) await pause(gapMs);
  const file = await open(path, "r+");
  await file.write(text, 0);
  await file.truncate(Buffer.byteLength(text));
  await file.close();
  await chmod(path, 0o600);
  return { ok: true };
}

process.on("message", (turn: Turn) => {
  const failed = (error: unknown): Written => ({ ok: false, reason: String(error) });
  void take(turn)
    .catch(failed)
    .then((written) => process.send?.(written));
});
// Never outlive the test.
process.on("disconnect", () => process.exit(0));
