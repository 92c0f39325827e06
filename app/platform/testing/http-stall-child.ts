/**
 * Asks once and says what came of it. argv: URL TIMEOUT_MS [stop]. With `stop` it stands still right before the request
 * leaves.
 */
import { createHttp } from "../http/http.ts";

const [url = "", timeoutMs = "", stop] = process.argv.slice(2);

async function main(): Promise<void> {
  const connection = await createHttp({ userAgent: "pilot-light/test" }).connect(url, { timeoutMs: 10_000 });
  if (connection.kind === "notSent") return void process.stdout.write(`${connection.problem.kind}\n`);
  const answering = connection.send({
    method: "POST",
    url,
    headers: {},
    body: "{}",
    timeoutMs: Number(timeoutMs),
    maxBytes: 1024 * 1024,
  });
  if (stop !== undefined) {
    process.stdout.write("stopping\n");
    process.nextTick(() => process.kill(process.pid, "SIGSTOP"));
  }
  const answer = await answering;
  process.stdout.write(`${answer.kind === "answered" ? `answered ${answer.body}` : answer.problem.kind}\n`);
}

void main();
