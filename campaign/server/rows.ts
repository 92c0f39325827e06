/** Each status with each kind of body, judged by the table "What an answer means". */
import type { Chance } from "../frame.ts";
import { answer, BODIES, type Body, type Says } from "./answers.ts";
import { type Fate, notAs, notUnknown } from "./judge.ts";
import { attack, type Outcome, type Stage } from "./stage.ts";

const STATUSES = [
  200, 201, 202, 203, 205, 206, 226, 299, 300, 301, 302, 303, 305, 307, 308, 399, 400, 401, 402, 403, 404, 405, 406,
  408, 409, 410, 413, 418, 421, 422, 425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 507, 511, 520,
  522, 524, 529, 530, 599, 600, 799, 999,
] as const;
/** What HTTP gives no body, whatever stands behind the head. */
const BARE = [101, 204, 304] as const;
/** Every body is tried with these; with the others one of each kind. */
const THOROUGH: ReadonlySet<number> = new Set([200, 400, 401, 403, 408, 429, 500, 503]);

/** As in ARCHITECTURE.md, "What an answer means": nothing is looked at but the status and the top level of the body. */
export function fateOf(status: number, says: Says): Fate {
  if (status >= 200 && status < 300) return says === "pair" ? "healthy" : "outcomeUnknown";
  if (status === 429) return "rateLimited";
  if (status === 503 || status === 529) return "retrying";
  if ([400, 401, 403].includes(status) && says === "grant") return "signIn";
  if (status >= 300 && status < 500 && status !== 408) return "retrying";
  return "outcomeUnknown";
}

export interface Row {
  readonly status: number;
  readonly body: Body;
}

const EMPTY: Body = { name: "no body", says: "nothing", headers: {}, bytes: () => Buffer.alloc(0) };

export function rowsOf(form: "short" | "full", chance: Chance): readonly Row[] {
  const kinds: readonly Says[] = ["pair", "grant", "client", "nothing"];
  const rows = STATUSES.flatMap((status): readonly Row[] =>
    THOROUGH.has(status)
      ? BODIES.map((body) => ({ status, body }))
      : kinds.map((kind) => ({ status, body: chance.pick(BODIES.filter(({ says }) => says === kind)) })),
  );
  if (form === "full") return [...rows, ...BARE.map((status) => ({ status, body: EMPTY }))];
  const few = [200, 400, 401, 403, 302, 404, 408, 429, 500, 503, 529, 999];
  return [
    ...few.map((status) => chance.pick(rows.filter((row) => row.status === status))),
    { status: 200, body: chance.pick(BODIES.filter(({ says }) => says === "pair")) },
    { status: 400, body: chance.pick(BODIES.filter(({ says }) => says === "grant")) },
    { status: 200, body: chance.pick(BODIES.filter(({ says }) => says === "nothing")) },
  ];
}

export async function playRow(stage: Stage, { status, body }: Row, over: "http" | "https"): Promise<void> {
  // A body that says two things is an error where the status says so.
  const says = body.name === "a pair and an error" && status >= 400 ? "grant" : body.says;
  const fate = fateOf(status, says);
  const headers = {
    ...body.headers,
    // Nobody may follow it, whatever the status.
    Location: `${stage.elsewhere.url}/taken`,
    Refresh: `0; url=${stage.elsewhere.url}/taken`,
    "Alt-Svc": `h2="127.0.0.1:${stage.elsewhere.port}"`,
    "Set-Cookie": "a=b",
  };
  const judge = (outcome: Outcome): Promise<string | null> | string | null =>
    fate === "outcomeUnknown"
      ? notUnknown(stage, outcome, outcome.login.refresh.charCodeAt(30) % 6 === 0)
      : notAs(fate, stage, outcome);
  await attack(
    stage,
    {
      name: `${status} with ${body.name}`,
      over,
      answer: async (line, { redeem }) => {
        const tokens = fate === "healthy" ? redeem() : { access: "planted-never", refresh: "planted-never-either" };
        await line.write(answer(status, headers, body.bytes(tokens)));
        line.end();
      },
    },
    judge,
  );
}
