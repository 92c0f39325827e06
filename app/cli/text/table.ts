import { UserError } from "../../shared/data/errors.ts";
import { topicOf } from "../../shared/login/alike.ts";
import { byNeed } from "../../shared/login/need.ts";
import { type Weight, weightOf } from "../../shared/login/rules.ts";
import type { Login, Snapshot } from "../../shared/login/snapshot.ts";
import type { Source } from "../../shared/settings.ts";
import { STATE_WORDS, signedInAgain } from "../../shared/words/state.ts";
import { fileProblemText, keeperSentence, noFileLines, noLoginsSentence } from "../../shared/words/status.ts";
import { ago, inTime, moment, roughSpan, span } from "../../shared/words/times.ts";
import { visible } from "../../shared/words/visible.ts";
import { cellWidth, fit, fitMiddle, pad, wrap } from "./cells.ts";

export interface Look {
  /** Cells of a line. */
  readonly width: number;
  readonly colour: boolean;
  /** Who named the credential file. */
  readonly authFileFrom: Source;
}

/**
 * The status for people: table, by need, a sentence for each login that has one, the file, and who keeps it alive. Ends with
 * a line end.
 */
export function statusText(given: Snapshot, look: Look): string {
  const snapshot = { ...given, accounts: [...byNeed(given.accounts, given.generatedAt)] };
  const { file, accounts: logins } = snapshot;
  const path = visible(file.path);
  if (file.problem !== null) return `${wrap(visible(fileProblemText(file)), look.width).join("\n")}\n`;
  if (file.format === null) return `${noFileLines(file.path, look.authFileFrom).map(visible).join("\n")}\n`;
  const lines = logins.length === 0 ? [noLoginsSentence(look.authFileFrom)] : tableLines(snapshot, look);
  const sentences = sentencesOf(logins, snapshot.generatedAt).flatMap(({ reason, ids }) =>
    wrap(`${ids.map(visible).join(", ")}: ${visible(reason)}`, look.width, "  "),
  );
  return `${[...lines, ...(sentences.length === 0 ? [] : ["", ...sentences]), "", `File: ${path}`, keeperSentence(snapshot)].join("\n")}\n`;
}

/** Each login with its label and its id in full: what `refresh` and the others take. One that is too long gets its own line. */
export function accountsText(snapshot: Snapshot, look: Look): string {
  const { accounts: logins, file } = snapshot;
  if (file.problem !== null || file.format === null || logins.length === 0) return statusText(snapshot, look);
  const rows = logins.map(({ id, label, state }) => ({
    id: visible(id),
    label: label === id ? NO_LABEL : visible(label),
    state: STATE_WORDS[state],
  }));
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(cellWidth));
  const labels = rows.every(({ label }) => label === NO_LABEL)
    ? 0
    : Math.min(widest(rows.map(({ label }) => label)), Math.floor(look.width / 3));
  const labelOf = ({ label }: (typeof rows)[number]) => (labels === 0 ? "" : pad(fit(label, labels), labels) + GAP);
  const states = widest(rows.map(({ state }) => GAP + state));
  const room = look.width - widest(rows.map(labelOf)) - states;
  const ids = widest(rows.map(({ id }) => id).filter((id) => cellWidth(id) <= room));
  return rows
    .map((row) => {
      const isLong = cellWidth(row.id) > ids;
      return `${isLong ? `${row.id}\n` : ""}${labelOf(row)}${pad(isLong ? "" : row.id, ids)}${GAP}${row.state}`;
    })
    .map((line) => `${line}\n`)
    .join("");
}

interface Sentence {
  readonly reason: string;
  readonly ids: readonly string[];
}

/** What the logins have to say; those that say the same say it once. */
function sentencesOf(logins: readonly Login[], now: number): readonly Sentence[] {
  const said = new Map<string, Sentence>();
  for (const login of logins) {
    const { id } = login;
    const back = login.reason === null ? signedInAgain(login, now) : null;
    const reason = back === null ? login.reason : `${back}.`;
    if (reason === null) continue;
    const topic = (back === null ? topicOf(login) : null) ?? `one: ${id}`;
    const before = said.get(topic);
    said.set(topic, { reason: before?.reason ?? reason, ids: [...(before?.ids ?? []), id] });
  }
  return [...said.values()];
}

type ColumnName = "id" | "label" | "state" | "access" | "next" | "login" | "ping";
interface Column {
  readonly name: ColumnName;
  readonly cells: readonly string[];
  readonly width: number;
}

const GAP = "  ";
const NO_LABEL = "-";
/** What is cut down to what where the terminal is narrow, step by step: people know the labels, `accounts` has the IDs. */
const CUTS: readonly (readonly [name: ColumnName, least: number])[] = [
  ["label", 14],
  ["id", 24],
  ["label", 6],
  ["id", 16],
];
/** What goes first where even that is too wide. */
const DROPPED: readonly ColumnName[] = ["label", "ping", "login", "access", "next"];

function tableLines(snapshot: Snapshot, look: Look): string[] {
  const columns = arrange(snapshot, look.width);
  const lines: string[] = [];
  for (let row = 0; row <= snapshot.accounts.length; row += 1) {
    const login = row === 0 ? undefined : snapshot.accounts[row - 1];
    const cells = columns.map(({ name, cells: texts, width }, at) => {
      const text = (name === "id" ? fitMiddle : fit)(texts[row] ?? "", width);
      const padded = at === columns.length - 1 ? text : pad(text, width);
      if (login === undefined) return paint(padded, "1", look.colour);
      return name === "state" ? paint(padded, COLOURS[weightOf(login)], look.colour) : padded;
    });
    lines.push(cells.join(GAP).trimEnd());
  }
  return lines;
}

/** The columns that fit into `width`: first what can be said shorter, then what can be cut, then what can be missed. */
function arrange(snapshot: Snapshot, width: number): readonly Column[] {
  let columns = columnsOf(snapshot, "long");
  if (total(columns) > width) columns = columnsOf(snapshot, "short");
  if (total(columns) > width) columns = columnsOf(snapshot, "shortest");
  for (const [name, least] of CUTS) columns = shrink(columns, name, least, width);
  for (const name of DROPPED) {
    if (total(columns) > width) columns = columns.filter((column) => column.name !== name);
  }
  for (const name of ["id", "state"] as const) columns = shrink(columns, name, 1, width);
  return columns;
}

function total(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0) + GAP.length * (columns.length - 1);
}

function shrink(columns: readonly Column[], name: ColumnName, least: number, width: number): readonly Column[] {
  const over = total(columns) - width;
  if (over <= 0) return columns;
  return columns.map((column) =>
    column.name === name ? { ...column, width: Math.min(column.width, Math.max(least, column.width - over)) } : column,
  );
}

type Wording = "long" | "short" | "shortest";
const LOGIN_HEADS: Readonly<Record<Wording, string>> = { long: "LOGIN UNTIL", short: "LOGIN ENDS", shortest: "ENDS" };

function columnsOf({ accounts: logins, keeper, generatedAt: now }: Snapshot, wording: Wording): readonly Column[] {
  const column = (name: ColumnName, head: string, cell: (login: Login) => string): Column => {
    const cells = [head, ...logins.map(cell)];
    return { name, cells, width: Math.max(...cells.map(cellWidth)) };
  };
  const labelled = logins.some(({ id, label }) => id !== label);
  const deadlines = logins.some(({ loginEndsAt }) => loginEndsAt !== null);
  const long = wording === "long";
  return [
    ...(labelled ? [column("label", "LABEL", ({ id, label }) => (id === label ? NO_LABEL : visible(label)))] : []),
    column("id", "LOGIN", ({ id }) => visible(id)),
    column("state", "STATE", ({ state }) => STATE_WORDS[state]),
    column("access", long ? "ACCESS UNTIL" : "ACCESS", ({ accessExpiresAt }) => accessCell(accessExpiresAt, now)),
    // Without a keeper nothing happens at that time.
    column("next", keeper.running ? "REFRESHES" : "DUE", ({ nextRefreshAt }) => nextCell(nextRefreshAt, now, wording)),
    ...(deadlines ? [column("login", LOGIN_HEADS[wording], (login) => loginCell(login, now, wording))] : []),
    column("ping", long ? "LAST PING" : "PING", ({ lastPing }) => pingCell(lastPing, now, wording)),
  ];
}

function accessCell(at: number | null, now: number): string {
  if (at === null) return "-";
  return at <= now ? "expired" : moment(at, now);
}

function nextCell(at: number | null, now: number, wording: Wording): string {
  if (at === null) return "-";
  // Hours are enough where there is no room for minutes.
  return wording === "shortest" && at > now ? `in ${roughSpan(at - now)}` : inTime(at, now);
}

function loginCell({ state, loginEndsAt: at }: Login, now: number, wording: Wording): string {
  if (at === null) return "-";
  if (at <= now || state === "signIn") return "ended";
  return wording === "long" ? `${moment(at, now)} (${span(at - now)})` : `in ${span(at - now)}`;
}

function pingCell(ping: Login["lastPing"], now: number, wording: Wording): string {
  if (ping === null) return "-";
  if (wording === "long") return `${ping.outcome}, ${ago(ping.at, now)}`;
  return wording === "short" ? ping.outcome : SHORT_PINGS[ping.outcome];
}

const SHORT_PINGS: Readonly<Record<NonNullable<Login["lastPing"]>["outcome"], string>> = {
  ok: "ok",
  refused: "refused",
  "rate-limited": "limited",
  unauthorized: "denied",
  "no-model": "no model",
  unreachable: "no answer",
  skipped: "skipped",
};

const COLOURS: Readonly<Record<Weight, string>> = {
  well: "32",
  paused: "36",
  waiting: "33",
  needsYou: "31",
  unreadable: "31",
};

function paint(text: string, code: string, colour: boolean): string {
  return colour && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** @returns why the credential file cannot be read, with its exit code. */
export function fileProblem({ file }: Snapshot): UserError {
  return new UserError(fileProblemText(file), 4);
}
