/** The token server in a process of its own: see `token-server-process.ts`, which starts it. */
import type { TokenRules } from "./token-authority.ts";
import { startTokenServer } from "./token-server.ts";
import type { Call, FromChild } from "./token-server-process.ts";

const tell = (message: FromChild): void => void process.send?.(message);

const rules = JSON.parse(process.argv[2] ?? "{}") as Partial<TokenRules>;
const server = await startTokenServer(rules);
process.on("message", (call: Call) => {
  const answer = Reflect.apply(server[call.method], server, call.args) as Promise<unknown>;
  answer.then(
    (value) => tell({ kind: "done", id: call.id, value }),
    (error: unknown) => tell({ kind: "failed", id: call.id, reason: String(error) }),
  );
});
// Never outlive the test.
process.on("disconnect", () => process.exit(0));
tell({ kind: "ready", tokenUrl: server.tokenUrl, apiUrl: server.apiUrl });
