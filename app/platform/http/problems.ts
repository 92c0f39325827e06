import { errorCode } from "../../shared/data/errors.ts";
import type { TransportProblem } from "../../shared/login/setback.ts";

/** @returns the code of a network error, also where several addresses were tried and all failed. */
function networkCode(error: unknown): string | null {
  const code = errorCode(error);
  if (code !== null) return code;
  if (!(error instanceof Error) || !("errors" in error) || !Array.isArray(error.errors)) return null;
  const inner: readonly unknown[] = error.errors;
  return errorCode(inner[0]);
}

/** @returns why no connection to `host` came about; nothing of the error but its code is used. */
export function connectProblem(error: unknown, host: string): TransportProblem {
  const code = networkCode(error);
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_FAIL":
    case "EAI_NODATA":
    case "EAI_NONAME":
    case "ENODATA":
      return { kind: "nameNotResolved", host };
    case "ECONNREFUSED":
      return { kind: "connectionRefused", host };
    case "ETIMEDOUT":
      return { kind: "noAnswerInTime", host };
    case "ENETUNREACH":
    case "EHOSTUNREACH":
    case "ENETDOWN":
    case "EHOSTDOWN":
    case "EADDRNOTAVAIL":
      return { kind: "noNetworkPath", host };
    case "ECONNRESET":
    case "ECONNABORTED":
    case "EPIPE":
      return { kind: "closedWhileConnecting", host };
    case "EMFILE":
    case "ENFILE":
      return { kind: "tooManyFiles" };
    default:
      return { kind: "noConnection", host, code };
  }
}

/** @returns why no secure connection to `host` came about. */
export function tlsProblem(error: unknown, host: string): TransportProblem {
  const code = networkCode(error);
  if (code === "ECONNRESET" || code === "EPIPE") return { kind: "closedBeforeSecure", host };
  return { kind: "notSecure", host, code };
}

/** @returns why no complete answer came; nothing of the error but its code is used, since errors of HTTP carry headers. */
export function answerProblem(error: unknown): TransportProblem {
  const code = networkCode(error);
  if (code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED") return { kind: "brokenOff" };
  if (code === "ETIMEDOUT") return { kind: "timedOut" };
  if (code === "HPE_HEADER_OVERFLOW") return { kind: "headersTooBig" };
  if (code?.startsWith("HPE_") === true) return { kind: "notHttp", code };
  return { kind: "noCompleteAnswer", code };
}
