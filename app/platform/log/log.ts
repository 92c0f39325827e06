import { type Clock } from "../../ports/clock.ts";
import { type Log, type LogFields } from "../../ports/log.ts";
import { LOG_LEVELS, type LogLevel } from "../../shared/data/log-levels.ts";
import { redact } from "../../shared/data/redact.ts";

/** Takes whole lines, each with its line end. */
export interface LogSink {
  write(line: string): void;
}

export interface LogOptions {
  readonly sinks: readonly LogSink[];
  readonly clock: Pick<Clock, "now">;
  /** What is less grave is dropped; asked for each line, so that it can change while we run. */
  readonly level: () => LogLevel;
  /** Who speaks; the keeper speaks as `auth.keepalive`. */
  readonly service: string;
}

export interface ServiceLog extends Log {
  /** @returns the same log under another service name. */
  child(service: string): ServiceLog;
}

const LONGEST_TEXT = 2_000;
const OWN_KEYS: ReadonlySet<string> = new Set(["time", "level", "service", "msg"]);

/**
 * @returns a log of JSON lines: `time` (ISO), `level`, `service`, `msg`, then the fields. It never throws: a sink that
 * fails loses its line. Anything that looks like a token is blotted out at this one place before any sink sees it.
 */
export function createLog(options: LogOptions): ServiceLog {
  const { sinks, clock, level: leastGrave, service } = options;
  const write = (level: LogLevel, msg: string, fields: LogFields = {}) => {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(leastGrave())) return;
    const line = toLine(clock, level, service, msg, fields);
    for (const sink of sinks) {
      try {
        sink.write(line);
      } catch {
        // A full disk or a closed pipe must not stop a refresh.
      }
    }
  };
  return {
    debug: (msg, fields) => write("debug", msg, fields),
    info: (msg, fields) => write("info", msg, fields),
    warn: (msg, fields) => write("warn", msg, fields),
    error: (msg, fields) => write("error", msg, fields),
    child: (name) => createLog({ ...options, service: name }),
  };
}

function toLine(clock: Pick<Clock, "now">, level: LogLevel, service: string, msg: string, fields: LogFields): string {
  const line = new Map<string, string | number | boolean | null>([
    ["time", isoTime(clock.now())],
    ["level", level],
    ["service", text(service)],
    ["msg", text(msg)],
  ]);
  try {
    for (const [key, value] of Object.entries(fields)) {
      if (value !== undefined) line.set(OWN_KEYS.has(key) ? `field.${key}` : text(key), allowed(value));
    }
  } catch {
    line.set("field.problem", "the fields could not be read");
  }
  return `${JSON.stringify(Object.fromEntries(line))}\n`;
}

/** Types are promises of the compiler only; an object that slips through could hold anything. */
function allowed(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  return typeof value === "string" ? text(value) : `[${typeof value}]`;
}

function text(value: string): string {
  // Redacted before it is cut: half a token would pass for a word.
  const clean = redact(value);
  return clean.length > LONGEST_TEXT ? `${clean.slice(0, LONGEST_TEXT)}…` : clean;
}

function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "1970-01-01T00:00:00.000Z" : date.toISOString();
}

/** @returns a sink on standard error (or another stream); a reader that went away is no error. */
export function createStreamSink(stream: NodeJS.WritableStream): LogSink {
  let broken = false;
  stream.on("error", () => {
    broken = true;
  });
  return {
    write: (line) => {
      if (!broken) stream.write(line);
    },
  };
}
