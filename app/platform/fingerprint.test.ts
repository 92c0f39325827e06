import { createHmac } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Files } from "../ports/files.ts";
import { createFiles } from "./files/files.ts";
import { loadFingerprint, peekFingerprint } from "./fingerprint.ts";
import { bundleChild, startChild, temporaryFolder } from "./testing/support.ts";

const files = createFiles();
const keyOf = (stateDir: string) => join(stateDir, "journal", "key");
const refuse = (code: string) => async () => {
  throw Object.assign(new Error("planted"), { code });
};

describe("fingerprints", () => {
  it("are 32 hex characters of an HMAC under a key that nobody else can read", async () => {
    const stateDir = join(temporaryFolder(), "state");
    const fingerprint = await loadFingerprint(files, stateDir);
    const key = readFileSync(keyOf(stateDir));
    expect(key).toHaveLength(32);
    expect(statSync(keyOf(stateDir)).mode & 0o777).toBe(0o600);
    expect(statSync(join(stateDir, "journal")).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(stateDir, "journal"))).toEqual(["key"]);
    const wanted = createHmac("sha256", key).update("sk-ant-ort01-größe").digest("hex").slice(0, 32);
    expect(fingerprint.of("sk-ant-ort01-größe")).toBe(wanted);
    expect(fingerprint.of("sk-ant-ort01-other")).not.toBe(wanted);
  });

  it("stay the same for a state dir and differ between two", async () => {
    const [one, other] = [temporaryFolder(), temporaryFolder()];
    const first = (await loadFingerprint(files, one)).of("token");
    expect((await loadFingerprint(files, one)).of("token")).toBe(first);
    expect((await loadFingerprint(files, other)).of("token")).not.toBe(first);
  });

  it("are the same for twelve first uses at once, also without hard links", async () => {
    for (const link of [undefined, refuse("EPERM")]) {
      const stateDir = temporaryFolder();
      const all = await Promise.all(Array.from({ length: 12 }, () => loadFingerprint(files, stateDir, link)));
      expect(new Set(all.map((fingerprint) => fingerprint.of("token"))).size).toBe(1);
      expect(readdirSync(join(stateDir, "journal"))).toEqual(["key"]);
    }
  });

  it("are the same for processes that start at once", { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    const script = await bundleChild(new URL("./testing/fingerprint-child.ts", import.meta.url), folder);
    const children = Array.from({ length: 6 }, () => startChild(script, [join(folder, "state")]));
    const said = await Promise.all(children.map((child) => child.line()));
    expect(said[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(said).size).toBe(1);
  });

  it("do not exist before key and folder are durable", async () => {
    const stateDir = temporaryFolder();
    const steps: string[] = [];
    const noted: Files = {
      ...files,
      open: async (path, how, mode) => {
        const file = await files.open(path, how, mode);
        return { ...file, sync: async () => void steps.push("sync file") };
      },
      syncFolder: async (path) => void steps.push(`sync ${path.slice(stateDir.length)}`),
    };
    await loadFingerprint(noted, stateDir, async () => {
      steps.push("publish");
      writeFileSync(keyOf(stateDir), Buffer.alloc(32, 7));
    });
    expect(steps).toEqual(["sync file", "publish", "sync /journal", "sync ", "sync file", "sync "]);
  });

  it.each([0, 5, 33])(
    "of a key with %i bytes are refused, and the key is left alone",
    { timeout: 20_000 },
    async (length) => {
      const stateDir = temporaryFolder();
      mkdirSync(join(stateDir, "journal"));
      writeFileSync(keyOf(stateDir), Buffer.alloc(length, 1));
      await expect(loadFingerprint(files, stateDir)).rejects.toThrow(/key of the journal .* is damaged/);
      expect(readFileSync(keyOf(stateDir))).toHaveLength(length);
    },
  );

  it("put their key back while they are in use: removed, damaged, or with the whole state dir", async () => {
    const stateDir = join(temporaryFolder(), "state");
    const fingerprint = await loadFingerprint(files, stateDir);
    const key = readFileSync(keyOf(stateDir));
    const breaks = [
      () => rmSync(keyOf(stateDir)),
      () => writeFileSync(keyOf(stateDir), "x"),
      () => writeFileSync(keyOf(stateDir), Buffer.from(key.map((byte) => byte ^ 1))),
      () => rmSync(join(stateDir, "journal.key")),
      () => {
        rmSync(stateDir, { recursive: true });
        mkdirSync(join(stateDir, "journal"), { recursive: true });
      },
    ];
    for (const damage of breaks) {
      damage();
      await fingerprint.keep();
      expect(readFileSync(keyOf(stateDir))).toEqual(key);
      expect((await loadFingerprint(files, stateDir)).mended).toBeNull();
    }
  });

  it("refuse to go on where another key took the place of theirs", async () => {
    const [one, other] = [join(temporaryFolder(), "state"), join(temporaryFolder(), "state")];
    const fingerprint = await loadFingerprint(files, one);
    await loadFingerprint(files, other);
    for (const name of ["journal/key", "journal.key"]) writeFileSync(join(one, name), readFileSync(join(other, name)));
    await expect(fingerprint.keep()).rejects.toThrow("was replaced while Pilot Light ran");
  });

  it("wait for a key that is being written", async () => {
    const stateDir = temporaryFolder();
    mkdirSync(join(stateDir, "journal"));
    writeFileSync(keyOf(stateDir), Buffer.alloc(9, 1));
    let looks = 0;
    const slow: Files = {
      ...files,
      open: (path, how, mode) => {
        looks += 1;
        if (looks === 3) writeFileSync(keyOf(stateDir), Buffer.alloc(32, 1));
        return files.open(path, how, mode);
      },
    };
    const wanted = createHmac("sha256", Buffer.alloc(32, 1)).update("token").digest("hex").slice(0, 32);
    expect((await loadFingerprint(slow, stateDir)).of("token")).toBe(wanted);
  });

  it("fail with the disk's own code when it is full, and leave no draft", async () => {
    const stateDir = temporaryFolder();
    await expect(loadFingerprint(files, stateDir, refuse("ENOSPC"))).rejects.toMatchObject({ code: "ENOSPC" });
    expect(readdirSync(join(stateDir, "journal"))).toEqual([]);
  });

  const copyOf = (stateDir: string) => join(stateDir, "journal.key");
  const damages: readonly (readonly [string, (path: string) => void])[] = [
    ["lost", (path) => rmSync(path)],
    ["cut off", (path) => writeFileSync(path, readFileSync(path).subarray(0, 9))],
    ["empty", (path) => writeFileSync(path, "")],
    ["zeroes", (path) => writeFileSync(path, Buffer.alloc(32))],
    ["garbage", (path) => writeFileSync(path, Buffer.alloc(32, 0xfe))],
    [
      "flipped",
      (path) => {
        const whole = readFileSync(path);
        writeFileSync(path, whole.fill((whole[20] ?? 0) ^ 0x50, 20, 21));
      },
    ],
  ];

  it.each(damages)("stay the same when key or copy is %s, and both are whole again", async (how, damage) => {
    for (const path of [keyOf, copyOf]) {
      const stateDir = temporaryFolder();
      const first = (await loadFingerprint(files, stateDir)).of("token");
      const before = [readFileSync(keyOf(stateDir)), readFileSync(copyOf(stateDir))];
      damage(path(stateDir));
      expect((await peekFingerprint(files, stateDir)).of("token")).toBe(first);
      const loaded = await loadFingerprint(files, stateDir);
      expect(loaded.of("token")).toBe(first);
      expect(loaded.mended).toBe(how === "lost" && path === copyOf ? null : path(stateDir));
      expect([readFileSync(keyOf(stateDir)), readFileSync(copyOf(stateDir))]).toEqual(before);
      expect(readdirSync(stateDir).sort()).toEqual(["journal", "journal.key"]);
    }
  });

  it("are refused when both are damaged, or the copy is of a newer version", { timeout: 20_000 }, async () => {
    const stateDir = temporaryFolder();
    await loadFingerprint(files, stateDir);
    const copy = readFileSync(copyOf(stateDir), "utf8");
    writeFileSync(copyOf(stateDir), copy.replace('"version":1', '"version":2'));
    await expect(loadFingerprint(files, stateDir)).rejects.toThrow(/newer version/);
    writeFileSync(copyOf(stateDir), copy.slice(9));
    writeFileSync(keyOf(stateDir), "short");
    await expect(loadFingerprint(files, stateDir)).rejects.toThrow(/key of the journal .* is damaged/);
  });
});
