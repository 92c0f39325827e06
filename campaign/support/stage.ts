/** A user's home with a login that is due, beside entries that must not change; and the provider that knows the truth. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { type CliHome, createCliHome, type Ended } from "../../e2e/support/cli.ts";
import type { IssuedPair } from "../../e2e/support/server/token-authority.ts";
import type { TokenServer } from "../../e2e/support/server/token-server.ts";
import { look, truthOf } from "./look.ts";
import { type Disk, fileWrongs, type Truth } from "./verdict.ts";

export type Shape = "flat" | "accounts";

export interface Stage {
  readonly server: TokenServer;
  readonly home: CliHome;
  /** The login that is due. */
  readonly id: string;
  /**
   * Writes the credential file with a new login at `id`, its access long expired: somebody signed in a while ago. What the
   * provider was to answer to requests that never came is forgotten.
   */
  signIn(): Promise<void>;
  /** Of the login that was signed in last. */
  truth(): Promise<Truth>;
  disk(): Promise<Disk>;
  /** What is wrong with the credential file, one line each. */
  fileWrongs(disk: Disk): readonly string[];
  close(): Promise<void>;
}

/** Nobody's but its own: odd spaces, odd numbers, an unknown kind, another login that is not due. */
const FOREIGN = `"groq" : {"type":"api","key":"planted-not-ours"},\n\n "later":{"type":"device" ,"n":1.50e2,"list":[ 1,2 ]}`;

/**
 * A home with a login that is due.
 * @param env what the command line is told besides
 */
export async function setStage(
  server: TokenServer,
  shape: Shape,
  env: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const home = await createCliHome({ tokenUrl: server.tokenUrl, apiUrl: server.apiUrl, env });
  const well = await server.issue();
  let first = "";
  let written: Written = { id: "", text: "", untouched: [] };
  const signIn = async (): Promise<void> => {
    await server.unscript("token");
    const due = await server.issue();
    first = due.refresh;
    written = shape === "flat" ? flat(due, well) : accounts(due, well);
    await mkdir(dirname(home.authFile), { recursive: true });
    const temp = join(dirname(home.authFile), "signed-in");
    await writeFile(temp, written.text, { mode: 0o600 });
    await rename(temp, home.authFile);
  };
  await signIn();
  const { id } = written;
  return {
    server,
    home,
    id,
    signIn,
    truth: () => truthOf(server, id, first),
    disk: () => look(home),
    fileWrongs: (disk) => fileWrongs(written.text, written.untouched, disk),
    close: () => home.close(),
  };
}

interface Written {
  readonly id: string;
  readonly text: string;
  readonly untouched: readonly string[];
}

function flat(due: IssuedPair, well: IssuedPair): Written {
  const other = `"openai":  {"type":"oauth","refresh":"${well.refresh}","access":"${well.access}","expires":${well.expires}}`;
  const entry = `{"type":"oauth","refresh":"${due.refresh}","access":"${due.access}","expires":${past()}}`;
  return {
    id: "anthropic",
    text: `{\n  "anthropic": ${entry},\n  ${other},\n ${FOREIGN}\n}\n`,
    untouched: [other, FOREIGN],
  };
}

function accounts(due: IssuedPair, well: IssuedPair): Written {
  const record = (id: string, { refresh, access }: IssuedPair, expires: number): string =>
    `{"id":"${id}","namespace":"default","label":"${id}","refresh":"${refresh}","access":"${access}","expires":${expires},` +
    `"createdAt":1700000000000,  "updatedAt":1700000000001,"health":{"successCount":3,"failureCount":0}}`;
  const other = record("B", well, well.expires);
  const text =
    `{"version":2,\n  "providers":{"anthropic":{"type":"oauth","active":{"default":"A"},"order":{"default":["A"]},"records":[\n` +
    `${record("A", due, past())},\n\t${other}]},"groq":{"type":"api","key":"planted-not-ours"}}}`;
  return { id: "anthropic/A", text, untouched: [other] };
}

function past(): number {
  return Date.now() - 3_600_000;
}

const told = v.object({ accounts: v.array(v.object({ id: v.string(), state: v.string() })) });

/** @returns the state in which `--json` shows this login; a word for it where it shows none. */
export function stateIn({ stdout }: Ended, id: string): string {
  try {
    const { accounts: shown } = v.parse(told, JSON.parse(stdout));
    return shown.find((account) => account.id === id)?.state ?? "not shown";
  } catch {
    return "no answer";
  }
}
