import { logged } from "./conclude.ts";
import { gatherFacts } from "./gather.ts";
import type { Pass } from "./pass.ts";
import { factsRecorded } from "./record.ts";

const MONITOR_MS = 1_000;

/**
 * While an answer is awaited: shows that, and notices a login that is signed out meanwhile, so that it stays signed out (I8).
 * @returns its end, which resolves once nothing of it is under way; neither ever rejects.
 */
export function monitor(pass: Pass): { end(): Promise<void> } {
  const { context } = pass;
  const ending = new AbortController();
  const running = look(pass, ending.signal).catch(logged(context, "the file could not be watched"));
  return {
    end() {
      ending.abort();
      return running;
    },
  };
}

async function look(pass: Pass, signal: AbortSignal): Promise<void> {
  const { context, request, held, networkBackAt } = pass;
  const { clock, credentialFile } = context;
  // What is shown must never be able to cost an answer.
  await gatherFacts(context, { held, networkBackAt })
    .then(request.onChange)
    .catch(logged(context, "that a refresh is under way could not be shown"));
  let last = await credentialFile.read();
  while (!signal.aborted) {
    await clock.sleep(MONITOR_MS, signal);
    if (signal.aborted) return;
    const reading = await credentialFile.read();
    const isChanged = reading.kind === "good" && (last.kind !== "good" || last.text !== reading.text);
    if (isChanged) await factsRecorded(pass).catch(logged(context, "a change of the file could not be written down"));
    last = reading;
  }
}
