import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { errorCode } from "../../shared/data/errors.ts";
import { logPath } from "../files/paths.ts";
import type { LogSink } from "./log.ts";

const MAX_BYTES = 1024 * 1024;
const KEEP = 3;

/** @returns where the log stands in this state dir: the file that is written to, then the older ones, the newest first. */
export function logPaths(stateDir: string): readonly [current: string, ...older: string[]] {
  const path = logPath(stateDir, process.platform);
  return [path, ...Array.from({ length: KEEP }, (_, at) => `${path}.${at + 1}`)];
}

/** For tests. */
export interface LogFileOptions {
  readonly maxBytes: number;
}

/**
 * @returns a sink on `<stateDir>/log/pilot-light.log` (0600), through no link below the state dir. At 1 MiB it becomes `.1`,
 * that one `.2`, and so on to `.3`. Several processes may write: each line is one append to whatever file has the name at
 * that moment. `write` throws on failure.
 */
export function createFileSink(stateDir: string, options: LogFileOptions = { maxBytes: MAX_BYTES }): LogSink {
  const path = logPath(stateDir, process.platform);
  const folder = dirname(path);
  return {
    write: (line) => {
      const data = Buffer.from(line, "utf8");
      const file = openLog(folder, path);
      let size: number;
      try {
        append(file, data);
        size = fstatSync(file).size;
      } finally {
        closeSync(file);
      }
      if (size >= options.maxBytes) rotate(folder, path, options.maxBytes);
    },
  };
}

function openLog(folder: string, path: string): number {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw new Error("log/ is a link");
  // No waiting should the name be a FIFO.
  const careful = (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | careful;
  let file: number;
  try {
    file = openSync(path, flags, 0o600);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    file = openSync(path, flags, 0o600);
  }
  if (process.platform !== "win32" && (fstatSync(file).mode & 0o077) !== 0) fchmodSync(file, 0o600);
  return file;
}

/** One write per line, so that lines of several processes do not mix; a short write (full disk) is finished if it can be. */
function append(file: number, data: Buffer): void {
  for (let done = 0; done < data.length; ) {
    const count = writeSync(file, data, done);
    if (count === 0) return;
    done += count;
  }
}

/** One process at a time: two that rotate at once would push a fresh log out as a full one. */
function rotate(folder: string, path: string, maxBytes: number): void {
  const turn = join(folder, ".rotating");
  try {
    mkdirSync(turn, 0o700);
  } catch {
    // Another process is at it; or died at it, which shows in a log that goes on growing.
    if (lstatSync(path).size >= 2 * maxBytes) rmdirSync(turn);
    return;
  }
  try {
    // It may have been done between our line and our turn.
    if (lstatSync(path).size < maxBytes) return;
    for (let n = KEEP; n > 1; n -= 1) move(`${path}.${n - 1}`, `${path}.${n}`);
    move(path, `${path}.1`);
  } finally {
    rmdirSync(turn);
  }
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
}
