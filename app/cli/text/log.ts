import { isObject, tryJson } from "../../shared/data/json.ts";
import { dateAndTime } from "../../shared/words/times.ts";
import { visible } from "../../shared/words/visible.ts";
import { pad } from "./cells.ts";
import { jsonLine } from "./json.ts";

const HEAD = ["time", "level", "service", "msg"] as const;
const LONGEST_LEVEL = 5;

/** @param line of the log. @returns the same for people: when, how grave, who, what, and the rest as `key=value`. */
export function logText(line: string): string {
  const parsed = tryJson(line);
  if (!isObject(parsed)) return `${visible(line)}\n`;
  const fields = new Map<string, unknown>(Object.entries(parsed));
  const [time, level, service, msg] = HEAD.map((key) => plain(fields.get(key)));
  const head = [dateAndTime(Date.parse(time ?? "")), pad(level ?? "", LONGEST_LEVEL), service, msg];
  const rest = [...fields].filter(([key]) => !HEAD.some((each) => each === key));
  return `${head.join("  ")}${rest.map(([key, value]) => `  ${visible(key)}=${valueText(value)}`).join("")}\n`;
}

/** @returns the same for programs, of which no terminal obeys anything; "" for what is no JSON object. */
export function logJson(line: string): string {
  const parsed = tryJson(line);
  return isObject(parsed) ? jsonLine(parsed) : "";
}

const plain = (value: unknown = ""): string => visible(typeof value === "string" ? value : JSON.stringify(value));

/** As it stands where that is one word. */
function valueText(value: unknown): string {
  return typeof value === "string" && /^[^\s"=]+$/.test(value) ? visible(value) : visible(JSON.stringify(value));
}
