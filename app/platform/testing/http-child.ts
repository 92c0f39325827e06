/** Asks once, then says the kind of answer and by how many MiB the process's peak memory grew. argv: WARM_URL URL */
import { createHttp } from "../http/http.ts";

const [warmUrl = "", url = ""] = process.argv.slice(2);
const http = createHttp({ userAgent: "pilot-light/test" });

async function ask(target: string): Promise<string> {
  const connection = await http.connect(target, { timeoutMs: 10_000 });
  if (connection.kind === "notSent") return connection.problem.kind;
  const request = { method: "GET", url: target, headers: {}, timeoutMs: 60_000, maxBytes: 1024 * 1024 } as const;
  const answer = await connection.send(request);
  return answer.kind === "answered" ? `answered ${answer.body.length}` : answer.problem.kind;
}

// All code is loaded and warm before it counts.
for (let n = 0; n < 5; n += 1) await ask(warmUrl);
const before = process.resourceUsage().maxRSS;
const answer = await ask(url);
const grown = (process.resourceUsage().maxRSS - before) / 1024;
process.stdout.write(`${JSON.stringify({ answer, grown })}\n`);
