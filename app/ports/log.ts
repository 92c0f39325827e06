import type { ById } from "../shared/data/by-id.ts";

export type LogFields = ById<string | number | boolean | null | undefined>;

export interface Log {
  debug(msg: string, fields?: LogFields): void;
  info(msg: string, fields?: LogFields): void;
  warn(msg: string, fields?: LogFields): void;
  error(msg: string, fields?: LogFields): void;
}
