import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Opencode, opencodeMissing, startOpencode } from "./opencode.ts";

describe.skipIf(await opencodeMissing())("the real opencode", () => {
  let home = "";
  let opencode: Opencode;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "pilot-light-opencode-"));
    opencode = await startOpencode({ home });
  });
  afterAll(async () => {
    await opencode?.stop();
    await rm(home, { recursive: true, force: true });
  });

  const entry = (n: number) => ({ type: "oauth", refresh: `planted-refresh-${n}`, access: "planted", expires: n });

  it("writes, reads back and removes logins in its own home", async () => {
    await opencode.put("anthropic", entry(1));
    await opencode.put("openai", entry(2));
    expect(JSON.parse(await readFile(opencode.authFile, "utf8"))).toEqual({ anthropic: entry(1), openai: entry(2) });
    expect((await stat(opencode.authFile)).mode & 0o777).toBe(0o600);
    const list = await opencode.authList();
    expect(list).toContain("2 credentials");
    expect(list).not.toContain("planted");
    await opencode.remove("openai");
    expect(JSON.parse(await readFile(opencode.authFile, "utf8"))).toEqual({ anthropic: entry(1) });
    expect(await opencode.authList()).toContain("1 credentials");
  });

  it("refuses what its schema refuses", async () => {
    await expect(opencode.put("anthropic", { ...entry(3), expires: 1.5 })).rejects.toThrow("400");
  });

  it("is gone after stop", async () => {
    const { pid } = opencode;
    await opencode.stop();
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});
