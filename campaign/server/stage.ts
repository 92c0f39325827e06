/** Where the attacks of this campaign take place: servers, a made-up authority, and one home for each attack. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type CliHome, createCliHome } from "../../e2e/support/cli.ts";
import { expired } from "../../e2e/support/entries.ts";
import { textOf } from "../../e2e/support/files.ts";
import { putBytes } from "../../e2e/support/scene.ts";
import { defaultRules, type IssuedPair, TokenAuthority } from "../../e2e/support/server/token-authority.ts";
import type { Chance, Plan } from "../frame.ts";
import { type Authority, createAuthority } from "../support/certificates.ts";
import type { Findings } from "../support/findings.ts";
import { MEASURE } from "../support/measure.ts";
import { onePass, type Pass } from "../support/pass.ts";
import { type Line, type RawRequest, type RawServer, startRawServer } from "../support/raw-server.ts";

/** Most of an attack is waiting: for the watch behind a write, for a server that says nothing. */
export const WIDTH = availableParallelism() * 3;

/** The two ends of a request, as an answer is made. */
export interface Act {
  readonly request: RawRequest;
  /** The server redeems the token that was sent, and has a successor for it. @throws where that token is spent */
  readonly redeem: () => IssuedPair;
}

export type AnswerIt = (line: Line, act: Act) => Promise<void> | void;

export interface Stage {
  readonly plan: Plan;
  readonly chance: Chance;
  readonly findings: Findings;
  readonly certificates: Authority;
  readonly tokens: TokenAuthority;
  readonly servers: { readonly http: RawServer; readonly https: RawServer };
  /** Nobody may ever come here. */
  readonly elsewhere: RawServer;
  /** A piece that a command loads to tell the most memory that it took. */
  readonly measure: string;
  /** Answers what comes to this path. @returns the path of its own */
  place(answer: AnswerIt): string;
  /** Attacks so far. */
  readonly counts: { attacks: number; requests: number; refreshed: number; unknown: number };
  close(): Promise<void>;
}

export async function createStage(plan: Plan, chance: Chance, findings: Findings): Promise<Stage> {
  const certificates = await createAuthority();
  const tls = await certificates.issue({ names: "DNS:localhost,IP:127.0.0.1", from: -2, to: 30 });
  const tokens = new TokenAuthority(defaultRules);
  const places = new Map<string, AnswerIt>();
  const onRequest = async (line: Line, request: RawRequest): Promise<void> => {
    const redeem = (): IssuedPair => {
      const redeemed = tokens.redeem(request.token ?? "");
      if (redeemed.kind === "rotated") return redeemed.pair;
      findings.add(`a token was redeemed that is ${redeemed.kind === "refused" ? redeemed.why : "kept"}`);
      throw new Error("refused");
    };
    await places.get(request.path)?.(line, { request, redeem });
  };
  const http = await startRawServer({ onRequest });
  const https = await startRawServer({ onRequest, tls });
  const elsewhere = await startRawServer({});
  const folder = await mkdtemp(join(tmpdir(), "pilot-light-stage-"));
  const measure = join(folder, "measure.cjs");
  await writeFile(measure, MEASURE);
  return {
    plan,
    chance,
    findings,
    certificates,
    tokens,
    servers: { http, https },
    elsewhere,
    measure,
    place(answer) {
      const path = `/${places.size + 1}/token`;
      places.set(path, answer);
      return path;
    },
    counts: { attacks: 0, requests: 0, refreshed: 0, unknown: 0 },
    async close() {
      await Promise.all([http.close(), https.close(), elsewhere.close()]);
      await certificates.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Attack {
  /** For a person; the same attack has the same name each time. */
  readonly name: string;
  readonly over: "http" | "https";
  readonly answer: AnswerIt;
  /** Instead of a place of its own on one of the stage's servers. */
  readonly tokenUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Outcome {
  readonly name: string;
  readonly home: CliHome;
  readonly login: IssuedPair;
  readonly pass: Pass;
  /** The state of the login, as it is published. */
  readonly state: string | null;
  /** What came to its place: at the time of asking. */
  requests(): readonly RawRequest[];
  readonly before: string;
  readonly after: string | null;
  /** What the server has given for it; null = nothing. */
  readonly successor: IssuedPair | null;
  /** The most memory that the command took, KiB. */
  readonly peak: number;
  /** What else stands in the folder of the credential file. */
  readonly beside: readonly string[];
}

/** A flat file in a style of its own, so that a byte that was touched shows. */
export function fileWith(pair: {
  readonly access: string;
  readonly refresh: string;
  readonly expires: number;
}): string {
  return `{"alpha" : {"type":"api","key":"planted-key" },\r\n\t"anthropic":{ "note":[1.0, 1e2], "expires":${pair.expires},
  "type":"oauth", "access":"${pair.access}","refresh" :"${pair.refresh}"},
"__proto__": {"type": "api", "key": "k"}  }\n`;
}

/** One login in a home of its own, due; one pass; and what came of it. The home is gone when `judge` is done. */
export async function attack(
  stage: Stage,
  { name, over, answer, ...more }: Attack,
  judge: (outcome: Outcome) => Promise<string | null> | string | null,
): Promise<void> {
  let successor: IssuedPair | null = null;
  const path = stage.place((line, act) => {
    const redeem = (): IssuedPair => {
      successor = act.redeem();
      return successor;
    };
    return answer(line, { ...act, redeem });
  });
  const server = stage.servers[over];
  const login = stage.tokens.issue();
  const env = { NODE_EXTRA_CA_CERTS: stage.certificates.file, NODE_OPTIONS: `--require=${stage.measure}`, ...more.env };
  const home = await createCliHome({ tokenUrl: more.tokenUrl ?? server.url + path, env });
  try {
    const before = fileWith(expired(login));
    await putBytes(home, before);
    const pass = await onePass(home);
    const outcome: Outcome = {
      name,
      home,
      login,
      pass,
      state: pass.shown?.accounts.find(({ id }) => id === "anthropic")?.state ?? null,
      requests: () => server.requests.filter((request) => request.path === path),
      before,
      after: await textOf(home.authFile),
      successor,
      peak: Number(await textOf(join(home.home, "tmp", "peak"))),
      beside: (await readdir(dirname(home.authFile))).filter((other) => other !== "auth.json"),
    };
    stage.counts.attacks += 1;
    const found = await judge(outcome);
    stage.counts.requests += outcome.requests().length;
    if (found !== null) stage.findings.add(`${name}: ${found}`);
  } finally {
    await home.close();
  }
}
