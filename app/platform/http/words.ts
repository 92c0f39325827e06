import { errorCode } from "../../shared/data/errors.ts";

/** @returns the code of a network error, also where several addresses were tried and all failed. */
function networkCode(error: unknown): string | null {
  const code = errorCode(error);
  if (code !== null) return code;
  if (!(error instanceof Error) || !("errors" in error) || !Array.isArray(error.errors)) return null;
  const inner: readonly unknown[] = error.errors;
  return errorCode(inner[0]);
}

/** @returns why no connection to `host` came about, in plain words; nothing of the error but its code is used. */
export function connectReason(error: unknown, host: string): string {
  const code = networkCode(error);
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_FAIL":
    case "EAI_NODATA":
    case "EAI_NONAME":
    case "ENODATA":
      return `the name ${host} could not be resolved`;
    case "ECONNREFUSED":
      return `the connection to ${host} was refused`;
    case "ETIMEDOUT":
      return `${host} did not answer in time`;
    case "ENETUNREACH":
    case "EHOSTUNREACH":
    case "ENETDOWN":
    case "EHOSTDOWN":
    case "EADDRNOTAVAIL":
      return `there is no network path to ${host}`;
    case "ECONNRESET":
    case "ECONNABORTED":
    case "EPIPE":
      return `${host} closed the connection while it was being made`;
    case "EMFILE":
    case "ENFILE":
      return "too many files are open";
    default:
      return `no connection to ${host} could be made${code === null ? "" : ` (${code})`}`;
  }
}

/** @returns why no secure connection to `host` came about. */
export function tlsReason(error: unknown, host: string): string {
  const code = networkCode(error);
  if (code === "ECONNRESET" || code === "EPIPE") return `${host} closed the connection before it was secure`;
  return `no secure connection to ${host} could be made${code === null ? "" : ` (${code})`}`;
}

/** @returns why no complete answer came; nothing of the error but its code is used, since errors of HTTP carry headers. */
export function answerReason(error: unknown): string {
  const code = networkCode(error);
  if (code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED")
    return "the connection broke before the answer was complete";
  if (code === "ETIMEDOUT") return "the connection timed out";
  if (code === "HPE_HEADER_OVERFLOW") return "the headers of the answer were too big";
  if (code?.startsWith("HPE_") === true) return `the answer was not proper HTTP (${code})`;
  return `no complete answer came${code === null ? "" : ` (${code})`}`;
}
