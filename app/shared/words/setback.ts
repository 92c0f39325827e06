/** Why a refresh came to nothing for now, in words. Pure. */
import { codeWords } from "../data/errors.ts";
import type { WriteProblem } from "../login/file-problem.ts";
import type { PassProblem } from "../login/outcome.ts";
import type { Setback } from "../login/setback.ts";
import { replaceProblemWords, writeProblemWords } from "./file-problem.ts";

/** @returns why a request or a refresh came to nothing, a clause without a full stop. */
export function setbackWords(setback: Setback): string {
  switch (setback.kind) {
    case "addressUnusable":
      return "the address is not a usable URL";
    case "addressOdd":
      return "the address is neither https nor http";
    case "addressNotSecure":
      return "the address is not https";
    case "addressElsewhere":
      return "the address is not https, and not this machine";
    case "stopped":
      return "it was stopped";
    case "nameNotResolved":
      return `the name ${setback.host} could not be resolved`;
    case "connectionRefused":
      return `the connection to ${setback.host} was refused`;
    case "noAnswerInTime":
      return `${setback.host} did not answer in time`;
    case "noNetworkPath":
      return `there is no network route to ${setback.host}`;
    case "closedWhileConnecting":
      return `${setback.host} closed the connection while we were connecting`;
    case "closedBeforeSecure":
      return `${setback.host} closed the connection before it was secure`;
    case "tooManyFiles":
      return "too many files are open";
    case "noConnection":
      return `could not connect to ${setback.host}${inBrackets(setback.code)}`;
    case "notSecure":
      return `could not connect securely to ${setback.host}${inBrackets(setback.code)}`;
    case "connectionUsed":
      return "this connection was already used";
    case "otherServer":
      return "the request is for a different server than the connection";
    case "closedMeanwhile":
      return "the connection was closed in the meantime";
    case "spokeUnasked":
      return "the server sent data before it was asked";
    case "headerUnsendable":
      return "a header cannot be sent as it is";
    case "answerLate":
      return "no complete answer came in time";
    case "stoppedWaiting":
      return "it was stopped before the answer came";
    case "brokenOff":
      return "the connection broke before the answer was complete";
    case "timedOut":
      return "the connection timed out";
    case "headersTooBig":
      return "the headers of the answer were too big";
    case "notHttp":
      return `the answer was not proper HTTP${inBrackets(setback.code)}`;
    case "noCompleteAnswer":
      return `no complete answer came${inBrackets(setback.code)}`;
    case "answerUnreadable":
      return "the answer could not be read";
    case "answerTooBig":
      return `the answer was bigger than ${setback.maxBytes} bytes`;
    case "answerPacked":
      return "the answer was compressed in a way we did not ask for";
    case "answerNotUnpacked":
      return `the answer could not be decompressed within ${setback.maxBytes} bytes`;
    case "noAccessToken":
      return "the answer contained no access token";
    case "limitsRate":
      return "the provider is limiting requests";
    case "overloaded":
      return `the provider is overloaded (${setback.status})`;
    case "status":
      return `the provider answered ${setback.status}`;
    case "clientRefused":
      return clientRefusedWords(setback.provider);
    case "cannotReplace":
      return replaceProblemWords(setback.problem);
    case "notWritable":
      return writeProblemWords(setback.problem);
    case "onlyJournaled":
      return journaledWords(setback.problem);
    case "noRoom":
      return "our own notes cannot be written, so an answer could not be kept";
    case "nothingWritten":
      return passProblemWords(setback.problem);
    case "other":
      return setback.text;
  }
}

function inBrackets(code: string | null): string {
  return code === null ? "" : ` (${code})`;
}

/** @returns that a provider does not take our client, a clause without a full stop. */
export function clientRefusedWords(provider: string): string {
  return `${provider} does not currently accept this client`;
}

/** @returns why nothing could be written, so that nothing was sent; a clause without a full stop. */
export function passProblemWords({ kind, code }: PassProblem): string {
  const what = kind === "folder" ? "the folder of the file" : "our own notes";
  return `${what} cannot be written (${codeWords(code)})`;
}

/** Why a new pair waits in the journal. */
function journaledWords(problem: WriteProblem): string {
  return `the file could not be written (${writeProblemWords(problem)}); the new token is safe in our journal`;
}
