import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { bareServer } from "../testing/servers.ts";
import { bundleChild, type Child, startChild, temporaryFolder } from "../testing/support.ts";

const TIMEOUT_MS = 700;
const BODY = JSON.stringify({ access_token: "a", refresh_token: "r" });
const WHOLE = `HTTP/1.1 200 OK\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;

async function stallChild(url: string, ...more: readonly string[]): Promise<Child> {
  const script = await bundleChild(new URL("../testing/http-stall-child.ts", import.meta.url), temporaryFolder());
  const child = startChild(script, [url, String(TIMEOUT_MS), ...more]);
  // Else a stopped one would outlive the test.
  onTestFinished(() => void child.process.kill("SIGCONT"));
  return child;
}

/** Resolves once the process stands still, as the system tells. */
async function stopped({ process: { pid } }: Child): Promise<void> {
  for (;;) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    if (/\) T /.test(stat)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A process whose request has come in whole, and that stands still since. */
async function stoppedWhileItWaits(): Promise<{ readonly child: Child; readonly socket: Socket }> {
  // Node 20 has no `Promise.withResolvers`.
  let asked: (socket: Socket) => void = () => undefined;
  const asking = new Promise<Socket>((resolve) => {
    asked = resolve;
  });
  const server = await bareServer({ onRequest: asked });
  const child = await stallChild(server.url);
  const socket = await asking;
  child.process.kill("SIGSTOP");
  await stopped(child);
  return { child, socket };
}

/** The stall is what is tested: it lasts until the deadline has long passed. */
const pastTheDeadline = () => new Promise((resolve) => setTimeout(resolve, 2 * TIMEOUT_MS));

describe.skipIf(process.platform !== "linux")("a process that stands still while it waits", () => {
  it("hears an answer that lay there when it woke up after the deadline", async () => {
    const { child, socket } = await stoppedWhileItWaits();
    socket.write(WHOLE);
    await pastTheDeadline();
    child.process.kill("SIGCONT");
    expect(await child.line()).toBe(`answered ${BODY}`);
  });

  it("gives the answer new time after it woke up", async () => {
    const { child, socket } = await stoppedWhileItWaits();
    await pastTheDeadline();
    child.process.kill("SIGCONT");
    setTimeout(() => socket.write(WHOLE), TIMEOUT_MS / 4);
    expect(await child.line()).toBe(`answered ${BODY}`);
  });

  it("gives the request its whole time when it stood still before it left", async () => {
    const server = await bareServer({
      onRequest: (socket) => void setTimeout(() => socket.write(WHOLE), TIMEOUT_MS / 4),
    });
    const child = await stallChild(server.url, "stop");
    expect(await child.line()).toBe("stopping");
    await stopped(child);
    await pastTheDeadline();
    child.process.kill("SIGCONT");
    expect(await child.line()).toBe(`answered ${BODY}`);
  });

  it("gives up all the same where no answer comes", async () => {
    const { child } = await stoppedWhileItWaits();
    await pastTheDeadline();
    child.process.kill("SIGCONT");
    expect(await child.line()).toBe("answerLate");
  });
});
