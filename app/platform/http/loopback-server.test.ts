import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, it, onTestFinished } from "vitest";
import { type LoopbackAnswer, type LoopbackRequest, startLoopbackServer } from "./loopback-server.ts";

const OK: LoopbackAnswer = { status: 200, body: '{"ok":true}' };

async function started(answer: (request: LoopbackRequest) => LoopbackAnswer | Promise<LoopbackAnswer> = () => OK) {
  const seen: LoopbackRequest[] = [];
  const server = await startLoopbackServer((request) => {
    seen.push(request);
    return answer(request);
  });
  onTestFinished(() => server.close());
  return { server, seen, port: Number(new URL(server.origin).port) };
}

/** One request with a Host of one's own. @returns the status. */
async function statusFor(port: number, host: string): Promise<number | undefined> {
  const request = httpRequest({ host: "127.0.0.1", port, headers: { host }, agent: false });
  request.end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe("a server on loopback", () => {
  it("hands over the whole request, and sends what it is told as JSON", async () => {
    const { server, seen } = await started(() => ({ status: 429, headers: { "retry-after": "7" }, body: '{"a":1}' }));
    const answer = await fetch(`${server.origin}/v1/x?secret=1`, {
      method: "POST",
      headers: { authorization: "Bearer demo" },
      body: "größe".repeat(1_000),
    });
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("7");
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(await answer.json()).toEqual({ a: 1 });
    expect(seen).toMatchObject([
      { method: "POST", path: "/v1/x", headers: { authorization: "Bearer demo" }, body: "größe".repeat(1_000) },
    ]);
  });

  it("cannot be reached by any other address of this machine", async () => {
    const { port } = await started();
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((each) => each !== undefined && !each.internal)
      .map((each) => each?.address ?? "");
    for (const host of ["127.0.0.2", "::1", ...others]) {
      const socket = connect({ host, port });
      const outcome = await Promise.race([
        once(socket, "connect").then(() => "connected"),
        once(socket, "error").then(() => "refused"),
      ]).catch(() => "refused");
      socket.destroy();
      expect([host, outcome]).toEqual([host, "refused"]);
    }
  });

  it("refuses a request that calls it by another name, and shows it to nobody", async () => {
    const { port, seen } = await started();
    for (const host of ["localhost", `localhost:${port}`, "evil.example", "127.0.0.1", `127.0.0.1:${port + 1}`]) {
      expect([host, await statusFor(port, host)]).toEqual([host, 421]);
    }
    expect(seen).toEqual([]);
    expect(await statusFor(port, `127.0.0.1:${port}`)).toBe(200);
  });

  it("refuses a body above 64 KiB", async () => {
    const { server, seen } = await started();
    const post = (bytes: number) => fetch(server.origin, { method: "POST", body: "x".repeat(bytes) });
    expect((await post(64 * 1024)).status).toBe(200);
    expect((await post(64 * 1024 + 1)).status).toBe(413);
    expect(seen).toHaveLength(1);
  });

  it("goes on after an answer that failed, and says nothing of why", async () => {
    let first = true;
    const { server } = await started(() => {
      if (!first) return OK;
      first = false;
      throw new Error("planted-secret");
    });
    const failed = await fetch(server.origin);
    expect([failed.status, await failed.text()]).toEqual([500, "{}"]);
    expect((await fetch(server.origin)).status).toBe(200);
  });

  it("goes on after a client that went away in the middle", async () => {
    const { server, port, seen } = await started();
    const socket = connect({ host: "127.0.0.1", port });
    await once(socket, "connect");
    socket.write(`POST / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-length: 100\r\n\r\nhalf`);
    socket.destroy();
    await once(socket, "close");
    expect((await fetch(server.origin)).status).toBe(200);
    expect(seen).toHaveLength(1);
  });

  it("ends at once when it is closed, with answers under way and connections kept open", async () => {
    let asked = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { server } = await started((request) => {
      if (request.path !== "/slow") return OK;
      asked();
      return new Promise<LoopbackAnswer>(() => undefined);
    });
    await (await fetch(server.origin)).text();
    const slow = fetch(`${server.origin}/slow`).then(
      () => "answered",
      () => "cut off",
    );
    await begun;
    await Promise.all([server.close(), server.close()]);
    expect(await slow).toBe("cut off");
    await expect(fetch(server.origin)).rejects.toThrow();
  });
});
