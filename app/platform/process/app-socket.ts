/**
 * How a command reaches the app of this state dir: a socket in it, or on Windows a named pipe. It carries one request: show the
 * window.
 */
import { createHash } from "node:crypto";
import { unlinkSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { errorCode } from "../../shared/data/errors.ts";

/** What came of the request; `tooLong`: no socket can stand in a folder with so long a path. */
export type OpenAnswer = "opened" | "noApp" | "silent" | "tooLong";

const REQUEST = "open\n";
const ANSWER = "opened\n";
const ANSWER_MS = 3_000;
const MOST_AT_ONCE = 8;
/** Of `sun_path`: 104 bytes on macOS, 108 on Linux, with the 0 at its end. Longer ones would be cut off without a word. */
const MOST_BYTES = 100;

/** @returns where the socket of this state dir stands; null = its path would be too long. */
export function appSocketPath(stateDir: string, platform: NodeJS.Platform): string | null {
  if (platform === "win32") {
    const name = createHash("sha256").update(stateDir.toLowerCase()).digest("hex").slice(0, 16);
    return `\\\\.\\pipe\\pilot-light-${name}`;
  }
  const path = join(stateDir, "app.sock");
  return Buffer.byteLength(path) > MOST_BYTES ? null : path;
}

/**
 * Answers such requests for as long as the app runs. The state dir must be there, and ours alone.
 * @returns what ends it. @throws where the socket cannot be made; also where another app answers in this state dir.
 */
export async function answerOpen(path: string, onOpen: () => void): Promise<() => void> {
  const server = await listen(path, onOpen).catch(async (error: unknown) => {
    // An app that was killed leaves its socket behind, and nobody answers there.
    if (errorCode(error) !== "EADDRINUSE" || !(await isDead(path))) throw error;
    unlinkSync(path);
    return listen(path, onOpen);
  });
  return () => void server.close();
}

/** Asks the app behind this socket to show its window. Never rejects for an app that is not there. */
export async function askToOpen(path: string | null): Promise<OpenAnswer> {
  if (path === null) return "tooLong";
  return new Promise((resolve) => {
    const socket = connect(path);
    let heard = "";
    socket.on("connect", () => socket.write(REQUEST));
    const end = (answer: OpenAnswer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setEncoding("utf8");
    socket.setTimeout(ANSWER_MS, () => end("silent"));
    socket.on("data", (text: string) => {
      heard += text;
      if (heard === ANSWER) end("opened");
      else if (!ANSWER.startsWith(heard)) end("silent");
    });
    socket.on("end", () => end("silent"));
    socket.on("error", () => end("noApp"));
  });
}

function listen(path: string, onOpen: () => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.setTimeout(ANSWER_MS, () => socket.destroy());
      socket.setEncoding("utf8");
      let heard = "";
      socket.on("data", (text: string) => {
        heard += text;
        if (heard === REQUEST) {
          onOpen();
          socket.end(ANSWER);
        } else if (!REQUEST.startsWith(heard)) socket.destroy();
      });
    });
    server.maxConnections = MOST_AT_ONCE;
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      server.on("error", () => undefined);
      resolve(server);
    });
  });
}

/** Does nobody listen there? One who is merely busy does. */
function isDead(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", (error) => resolve(errorCode(error) === "ECONNREFUSED"));
  });
}
