import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { temporaryFolder } from "../testing/support.ts";
import { answerOpen, appSocketPath, askToOpen } from "./app-socket.ts";

const pathIn = (folder: string) => join(folder, "app.sock");

describe.skipIf(process.platform === "win32")("the socket of the app", () => {
  it("opens the window once for each request", async ({ onTestFinished }) => {
    const path = pathIn(temporaryFolder());
    const onOpen = vi.fn();
    onTestFinished(await answerOpen(path, onOpen));
    expect([await askToOpen(path), await askToOpen(path)]).toEqual(["opened", "opened"]);
    expect(onOpen).toHaveBeenCalledTimes(2);
  });

  it("says that no app runs, before one came and after it ended", async () => {
    const path = pathIn(temporaryFolder());
    expect(await askToOpen(path)).toBe("noApp");
    const stop = await answerOpen(path, () => undefined);
    stop();
    await vi.waitFor(() => expect(existsSync(path)).toBe(false));
    expect(await askToOpen(path)).toBe("noApp");
  });

  it("takes the place of an app that was killed", async ({ onTestFinished }) => {
    const path = pathIn(temporaryFolder());
    const text = "require('net').createServer().listen(process.argv[1], () => process.stdout.write('there'))";
    const killed = spawn(process.execPath, ["-e", text, path]);
    await once(killed.stdout, "data");
    killed.kill("SIGKILL");
    await once(killed, "exit");
    expect(existsSync(path)).toBe(true);
    expect(await askToOpen(path)).toBe("noApp");
    onTestFinished(await answerOpen(path, () => undefined));
    expect(await askToOpen(path)).toBe("opened");
  });

  it("leaves the socket to an app that answers, and opens none of its windows", async ({ onTestFinished }) => {
    const path = pathIn(temporaryFolder());
    const onOpen = vi.fn();
    onTestFinished(await answerOpen(path, onOpen));
    await expect(answerOpen(path, () => undefined)).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect(onOpen).not.toHaveBeenCalled();
    expect(await askToOpen(path)).toBe("opened");
  });

  it("hangs up on whoever asks for anything else", async ({ onTestFinished }) => {
    const path = pathIn(temporaryFolder());
    const onOpen = vi.fn();
    onTestFinished(await answerOpen(path, onOpen));
    const socket = connect(path);
    socket.on("error", () => undefined);
    socket.write("x".repeat(100_000));
    await new Promise((resolve) => socket.on("close", resolve));
    expect(onOpen).not.toHaveBeenCalled();
  });

  it.each([
    ["hangs up", (socket: { end(): void }) => socket.end()],
    ["says something else", (socket: { write(text: string): void }) => socket.write("what?\n")],
  ])("says that nobody answered where the other end %s", async (_what, answer) => {
    const path = pathIn(temporaryFolder());
    const server = createServer(answer).listen(path);
    await once(server, "listening");
    expect(await askToOpen(path)).toBe("silent");
    server.close();
  });
});

describe("the place of the app's socket", () => {
  it("is in the state dir, on Windows a pipe of its own for each", () => {
    expect(appSocketPath("/home/ann/state", "linux")).toBe("/home/ann/state/app.sock");
    const pipes = ["C:\\Ann", "c:\\ann", "C:\\Bob"].map((folder) => appSocketPath(folder, "win32"));
    expect(pipes[0]).toMatch(/^\\\\\.\\pipe\\pilot-light-[0-9a-f]{16}$/);
    expect([pipes[0] === pipes[1], pipes[0] === pipes[2]]).toEqual([true, false]);
  });

  it("is nowhere where its path would be cut off", async () => {
    expect(appSocketPath(`/home/${"x".repeat(100)}`, "linux")).toBeNull();
    expect(await askToOpen(null)).toBe("tooLong");
  });
});
