import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LogFields } from "../../ports/log.ts";
import { type LogLevel } from "../../shared/data/log-levels.ts";
import { redact } from "../../shared/data/redact.ts";
import { bundleChild, startChild, temporaryFolder } from "../testing/support.ts";
import { createLog, createStreamSink } from "./log.ts";
import { createFileSink } from "./log-file.ts";

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

function logTo(lines: string[], level: LogLevel = "debug", now = AT) {
  return createLog({
    sinks: [{ write: (line) => lines.push(line) }],
    clock: { now: () => now },
    level: () => level,
    service: "app",
  });
}

function parsed(text: string): unknown[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

describe("a log line", () => {
  it("counts as grave as is wanted when it is written", () => {
    const lines: string[] = [];
    let level: LogLevel = "warn";
    const log = createLog({
      sinks: [{ write: (line) => lines.push(line) }],
      clock: { now: () => AT },
      level: () => level,
      service: "a",
    });
    log.info("left out");
    level = "info";
    log.child("b").info("written");
    expect(lines).toEqual([expect.stringContaining("written")]);
  });

  it("is one JSON object with time, level, service, message and fields at its top", () => {
    const lines: string[] = [];
    logTo(lines)
      .child("auth.keepalive")
      .info("token refresh successful", { recordId: "anthropic", ok: true, n: null, gone: undefined });
    expect(lines).toEqual([
      '{"time":"2026-01-02T03:04:05.678Z","level":"info","service":"auth.keepalive","msg":"token refresh successful","recordId":"anthropic","ok":true,"n":null}\n',
    ]);
  });

  it("is dropped below the level", () => {
    const lines: string[] = [];
    const log = logTo(lines, "warn");
    log.debug("a");
    log.info("b");
    log.warn("c");
    log.error("d");
    expect(parsed(lines.join("")).map((line) => (line as { msg: string }).msg)).toEqual(["c", "d"]);
  });

  it("stays one line and keeps its own keys, whatever the texts hold", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.dictionary(fc.string(), fc.string({ unit: "binary" })),
        (msg, fields) => {
          const lines: string[] = [];
          logTo(lines).info(msg, { ...fields, level: "fake", time: "fake" });
          expect(lines).toHaveLength(1);
          expect(lines[0]?.indexOf("\n")).toBe((lines[0]?.length ?? 0) - 1);
          expect(JSON.parse(lines[0] ?? "")).toMatchObject({
            level: "info",
            service: "app",
            time: "2026-01-02T03:04:05.678Z",
          });
        },
      ),
    );
  });

  it("never holds an object, a huge text or an impossible number", () => {
    const lines: string[] = [];
    const odd = { error: new Error("sk-ant-ort01-secret"), big: 1n, nan: Number.NaN, long: "word ".repeat(9_000) };
    const throwing = Object.defineProperty({}, "a", {
      enumerable: true,
      get: () => {
        throw new Error("planted");
      },
    });
    logTo(lines, "debug", Number.NaN).info("odd", odd as unknown as LogFields);
    logTo(lines).info("throwing", throwing);
    expect(parsed(lines.join(""))[0]).toMatchObject({ error: "[object]", big: "[bigint]", nan: "NaN" });
    expect(lines[0]?.length).toBeLessThan(2_300);
    expect(lines).toHaveLength(2);
  });

  it("does not stop for a sink that fails, and reaches the others", () => {
    const lines: string[] = [];
    const failing = {
      write: () => {
        throw new Error("planted");
      },
    };
    const log = createLog({
      sinks: [failing, { write: (line) => lines.push(line) }],
      clock: { now: () => AT },
      level: () => "info",
      service: "a",
    });
    log.error("b");
    expect(lines).toHaveLength(1);
  });

  it("goes to a stream until its reader is gone", async () => {
    const stream = new PassThrough();
    const sink = createStreamSink(stream);
    sink.write("one\n");
    expect(String(stream.read())).toBe("one\n");
    stream.destroy(new Error("EPIPE"));
    await new Promise((resolve) => stream.once("close", resolve));
    sink.write("two\n");
  });
});

describe("the last net against tokens", () => {
  const base64 = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hI5kL7nO9qR1tU3wX5zA7cD9fG1iJ3l";

  it.each([
    ["sk-ant-ort01-Abc_d-EFG"],
    ["sk-ant-oat01-x1y2"],
    ["eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"],
    [`1//0${base64.slice(0, 50)}`],
    ["rt_0123456789abcdefghijABCDEFGHIJ0123456789"],
    ["0123456789abcdef0123456789abcdef01234567"],
    [`${base64.slice(0, 20)}/${base64.slice(20, 40)}+${base64.slice(40)}=`],
  ])("blots out %s in messages, fields and names of fields", (secret) => {
    const lines: string[] = [];
    logTo(lines).warn(`refused: ${secret}.`, {
      body: `{"refresh_token":"${secret}"}`,
      [secret]: 1,
      bearer: `Bearer ${secret}`,
    });
    for (const part of secret.split(/[^\w-]/).filter((text) => text.length > 12)) expect(lines[0]).not.toContain(part);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "warn" });
  });

  it.each([".", "~", "=", "/", "-", " ", "Bearer ", "eyJ", "sk-"])(
    "is through with a megabyte of '%s' at once",
    (part) => {
      const before = process.cpuUsage();
      redact(`${part.repeat(1_000_000 / part.length)}x`);
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(5_000);
    },
  );

  it("leaves fingerprints, ids, paths and sentences alone", () => {
    const innocent = [
      "0123456789abcdef0123456789abcdef",
      "d9428888-122b-11e1-b85c-61cd3cbb3210",
      "/home/ann/.local/share/opencode/auth.json",
      "/Users/ann/Library/Application Support/Pilot Light/log/pilot-light.log",
      "keepalive ping successful",
      "the basic settings of the bearer",
    ];
    expect(innocent.map(redact)).toEqual(innocent);
  });
});

describe("the log file", () => {
  it("is made for the owner alone, in a folder of its own", () => {
    const stateDir = join(temporaryFolder(), "state");
    createFileSink(stateDir).write("a line\n");
    const path = join(stateDir, "log", "pilot-light.log");
    expect(readFileSync(path, "utf8")).toBe("a line\n");
    expect([statSync(path).mode & 0o777, statSync(join(stateDir, "log")).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  it("closes a file to others that was open to them", () => {
    const stateDir = temporaryFolder();
    mkdirSync(join(stateDir, "log"));
    const path = join(stateDir, "log", "pilot-light.log");
    writeFileSync(path, "", { mode: 0o644 });
    createFileSink(stateDir).write("a line\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.skipIf(process.platform === "win32")("is never written through a link, at its folder or its name", () => {
    const elsewhere = temporaryFolder();
    for (const [name, target] of [
      ["log", elsewhere],
      ["log", join(elsewhere, "missing")],
      [join("log", "pilot-light.log"), join(elsewhere, "file")],
    ] as const) {
      const stateDir = temporaryFolder();
      if (name !== "log") mkdirSync(join(stateDir, "log"));
      symlinkSync(target, join(stateDir, name));
      expect(() => createFileSink(stateDir).write("a line\n")).toThrow();
    }
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it.skipIf(process.platform === "win32")("puts a link at an older name aside, and writes nothing through it", () => {
    const stateDir = temporaryFolder();
    const target = join(temporaryFolder(), "target");
    writeFileSync(target, "theirs");
    mkdirSync(join(stateDir, "log"));
    symlinkSync(target, join(stateDir, "log", "pilot-light.log.1"));
    const sink = createFileSink(stateDir, { maxBytes: 100 });
    for (let n = 0; n < 45; n += 1) sink.write("123456789\n");
    expect(readFileSync(target, "utf8")).toBe("theirs");
  });

  it("is put aside when full, and three old ones are kept", () => {
    const stateDir = temporaryFolder();
    const sink = createFileSink(stateDir, { maxBytes: 100 });
    for (let n = 0; n < 65; n += 1) sink.write(`line ${String(n).padStart(4, "0")}\n`);
    const folder = join(stateDir, "log");
    expect(readdirSync(folder).sort()).toEqual(["", ".1", ".2", ".3"].map((end) => `pilot-light.log${end}`));
    const kept = [".3", ".2", ".1", ""]
      .map((end) => readFileSync(join(folder, `pilot-light.log${end}`), "utf8"))
      .join("");
    expect(kept.endsWith("line 0063\nline 0064\n")).toBe(true);
    expect(kept).toHaveLength(350);
  });

  it("is put aside again after a process died while doing so", () => {
    const stateDir = temporaryFolder();
    mkdirSync(join(stateDir, "log", ".rotating"), { recursive: true });
    const sink = createFileSink(stateDir, { maxBytes: 100 });
    for (let n = 0; n < 30; n += 1) sink.write("123456789\n");
    expect(existsSync(join(stateDir, "log", "pilot-light.log.1"))).toBe(true);
    expect(existsSync(join(stateDir, "log", ".rotating"))).toBe(false);
  });

  it("loses and mixes no line of several processes", { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    const script = await bundleChild(new URL("../testing/log-child.ts", import.meta.url), folder);
    const children = ["a", "b", "c", "d"].map((name) => startChild(script, [folder, name, "500"]));
    expect(await Promise.all(children.map((child) => child.ended))).toEqual([0, 0, 0, 0]);
    const log = join(folder, "log");
    const all = readdirSync(log).flatMap((name) => parsed(readFileSync(join(log, name), "utf8")));
    expect(readdirSync(log).length).toBeGreaterThan(1);
    expect(new Set(all.map((line) => (line as { msg: string }).msg)).size).toBe(2_000);
  });
});
