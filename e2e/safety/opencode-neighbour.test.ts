import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliHome, createCliHome, type Ended } from "../support/cli.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { type Opencode, opencodeMissing, startOpencode } from "../support/opencode/opencode.ts";
import { seeded } from "../support/seeded.ts";
import { startTokenServer, type TokenServer } from "../support/server/token-server.ts";

/** At least; both go on until the other has reached its number, too. */
const WRITES = 200;
const REFRESHES = 15;
/** Logins of others: API keys and oauth entries, in opencode's own schema. */
const NEIGHBOURS = ["openai", "github-copilot", "google", "mistral", "groq", "xai", "zai", "deepseek", "a b/ç\"'", "0"];
const WORK_MS = 150_000;

describe.skipIf(await opencodeMissing())("beside the real opencode, which writes the same file", () => {
  let server: TokenServer;
  let home: CliHome;
  let opencode: Opencode;
  beforeAll(async () => {
    server = await startTokenServer();
    home = await createCliHome({ tokenUrl: server.tokenUrl });
    opencode = await startOpencode({ home: home.home });
    expect(opencode.authFile).toBe(home.authFile);
  });
  afterAll(async () => {
    await opencode?.stop();
    await home?.close();
    await server?.close();
  });

  it(
    "hundreds of its writes and our refreshes lose nothing of each other",
    async () => {
      const first = await server.issue();
      await opencode.put("anthropic", oauthEntry(expired(first)));
      const { fraction, between, pick, seed } = seeded();
      const expected = new Map<string, unknown>();
      const counts = { puts: 0, deletes: 0 };
      let refreshing = true;

      const write = async (n: number): Promise<void> => {
        const id = pick(NEIGHBOURS);
        if (fraction() < 0.25) {
          await opencode.remove(id);
          expected.delete(id);
          counts.deletes += 1;
          return;
        }
        const entry =
          fraction() < 0.5
            ? { type: "api", key: `key-${n}` }
            : { type: "oauth", refresh: `theirs-${n}`, access: `their-access-${n}`, expires: 4_000_000_000_000 + n };
        await opencode.put(id, entry);
        expected.set(id, entry);
        counts.puts += 1;
      };
      // In bursts, so that our reads and renames meet it in every phase, and not all the time.
      const writeOn = async (): Promise<void> => {
        for (let n = 0; refreshing || n < WRITES; await pause(fraction() * 120)) {
          for (const end = n + between(1, 9); n < end; n += 1) await write(n);
        }
      };
      const refreshOn = async (): Promise<readonly Ended[]> => {
        const runs: Ended[] = [];
        try {
          let done = 0;
          while (done < REFRESHES || counts.puts + counts.deletes < WRITES) {
            const run = await home.run("refresh", "anthropic");
            runs.push(run);
            if (run.code !== 0) break;
            if (run.stdout === "anthropic: Refreshed.\n") done += 1;
          }
        } finally {
          refreshing = false;
        }
        return runs;
      };

      const startedAt = Date.now();
      const [runs] = await Promise.all([refreshOn(), writeOn()]);
      const seconds = Math.round((Date.now() - startedAt) / 1000);
      const sent = (await server.requests("token")).map(({ token }) => token ?? "");
      console.info(
        `opencode: ${counts.puts} PUTs, ${counts.deletes} DELETEs; ours: ${sent.length} refreshes; ${seconds} s; seed ${seed}`,
      );

      for (const { code, stdout, stderr } of runs) {
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        // A refresh that set out from a copy which opencode had just brought back is satisfied by the newer one.
        expect(["anthropic: Refreshed.\n", "anthropic: A newer token is already in the file.\n"]).toContain(stdout);
      }
      expect(sent.length).toBeGreaterThanOrEqual(REFRESHES);
      expect(counts.puts + counts.deletes).toBeGreaterThanOrEqual(WRITES);

      // The server: each token came once, in one chain, and the login lives.
      expect(sent).toHaveLength(new Set(sent).size);
      for (const token of sent) expect(await server.redemptions(token)).toBe(1);
      const standing = await server.standing(first.refresh);
      expect(standing).toMatchObject({ revoked: false });

      // The file: what opencode last said of each id, and the live generation of ours.
      const { anthropic, ...others } = await contents(home.authFile);
      expect(others).toEqual(Object.fromEntries(expected));
      const live = standing.newest ?? "";
      expect(await server.standing(live)).toMatchObject({ current: true });
      expect(anthropic).toEqual({
        type: "oauth",
        refresh: live,
        access: expect.any(String),
        expires: expect.any(Number),
      });

      // opencode itself reads the same: it knows that many, and goes on writing.
      expect(await opencode.authList()).toContain(`${expected.size + 1} credentials`);
      await opencode.put("openai", { type: "api", key: "the last" });
      expect(await contents(home.authFile)).toEqual({ ...others, anthropic, openai: { type: "api", key: "the last" } });
    },
    WORK_MS,
  );
});

async function contents(path: string): Promise<Readonly<Record<string, unknown>>> {
  return v.parse(v.record(v.string(), v.unknown()), JSON.parse(await readFile(path, "utf8")));
}
