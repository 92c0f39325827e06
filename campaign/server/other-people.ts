/** Refreshes against an authorization server that other people wrote, which ends a login whose spent token comes again. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createCliHome } from "../../e2e/support/cli.ts";
import { oauthEntry } from "../../e2e/support/entries.ts";
import { type OidcServer, startOidcServer } from "../../e2e/support/server/oidc.ts";
import { crashOf } from "../support/pass.ts";
import type { Job } from "./rude.ts";
import type { Stage } from "./stage.ts";

export interface OtherPeople {
  readonly jobs: readonly Job[];
  /** Looks at what the server has seen, when all jobs are done. @returns how many refreshes there were */
  finish(): Promise<number>;
}

export async function otherPeople(stage: Stage, homes: number, turns: number): Promise<OtherPeople> {
  const server = await startOidcServer({ expiresIn: 900 });
  let kept = 0;
  return {
    jobs: Array.from({ length: homes }, (_, home) => async () => {
      await keepOne(stage, server, `account ${home}`, turns);
      kept += 1;
    }),
    async finish() {
      for (const event of server.events) {
        if (event.kind === "revoked" || event.kind === "destroyed")
          stage.findings.add("oidc-provider saw a token twice");
        if (event.kind === "refused") stage.findings.add(`oidc-provider refused: ${event.error}`);
      }
      const refreshed = server.events.filter(({ kind }) => kind === "refreshed").length;
      if (refreshed !== kept * turns) stage.findings.add(`oidc-provider: ${refreshed} refreshes of ${kept * turns}`);
      await server.close();
      return refreshed;
    },
  };
}

async function keepOne(stage: Stage, server: OidcServer, account: string, turns: number): Promise<void> {
  const home = await createCliHome({ tokenUrl: server.tokenUrl });
  try {
    await mkdir(dirname(home.settingsFile), { recursive: true });
    await writeFile(home.settingsFile, JSON.stringify({ providers: { anthropic: { encoding: "form" } } }));
    const { refresh } = await server.issue(account);
    await home.putEntries({ anthropic: oauthEntry({ refresh, access: "expired", expires: Date.now() - 1_000 }) });
    const seen = new Set([refresh]);
    for (let turn = 0; turn < turns; turn += 1) {
      const ended = await home.run("refresh");
      const crash = crashOf({ ...ended, said: ended.stdout + ended.stderr, shown: null });
      if (crash !== null || ended.code !== 0)
        return stage.findings.add(`oidc-provider: refresh ${turn} ended with ${ended.code}`);
      seen.add((await home.pair())?.refresh ?? "");
    }
    if (seen.size !== turns + 1 || seen.has(""))
      stage.findings.add(`oidc-provider: ${seen.size} tokens in ${turns} turns`);
  } finally {
    await home.close();
  }
}
