import { createOwnFolders } from "../../platform/files/own-folders.ts";
import { answerOpen, appSocketPath } from "../../platform/process/app-socket.ts";
import type { Files } from "../../ports/files.ts";
import type { Log } from "../../ports/log.ts";
import { plainReason } from "../../shared/data/errors.ts";

export interface AnswerOpenDeps {
  readonly stateDir: string;
  readonly platform: NodeJS.Platform;
  readonly files: Pick<Files, "makeFolders">;
  readonly log: Pick<Log, "warn">;
  readonly onOpen: () => void;
}

/** Lets `pilot-light open` show the window, as far as the state dir allows that. @returns what ends it. */
export function letCommandsOpen({ stateDir, platform, files, log, onOpen }: AnswerOpenDeps): () => void {
  const start = async () => {
    createOwnFolders(stateDir).check();
    await files.makeFolders(stateDir);
    const path = appSocketPath(stateDir, platform);
    return path === null ? () => undefined : answerOpen(path, onOpen);
  };
  const started = start().catch((error: unknown) => {
    log.warn("commands cannot open the window", { reason: plainReason(error) });
    return () => undefined;
  });
  return () => void started.then((stop) => stop());
}
