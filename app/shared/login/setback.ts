import type * as v from "valibot";
import type { callProblemSchema, setbackSchema, transportProblemSchema } from "./setback-schema.ts";

/** Why a request was not sent, or brought no complete answer. `words/setback.ts` says it. */
export type TransportProblem = v.InferOutput<typeof transportProblemSchema>;

/** Why a call of a provider brought nothing: what the network did, or what the provider answered. */
export type CallProblem = v.InferOutput<typeof callProblemSchema>;

/** Why a refresh came to nothing for now, so that it is tried again: a closed union. */
export type Setback = v.InferOutput<typeof setbackSchema>;

/** What a refresh that will be tried again met: nothing could be written, no connection, or an answer of the provider. */
export const OBSTACLES = ["notWritten", "network", "provider"] as const;
export type Obstacle = (typeof OBSTACLES)[number];

/** @returns what was met, in public words for programs. "other": noted by an older version, which did not say. */
export function obstacleOf(setback: Setback): Obstacle | "cannotReplace" | "other" {
  switch (setback.kind) {
    case "addressUnusable":
    case "addressOdd":
    case "addressNotSecure":
    case "addressElsewhere":
    case "stopped":
    case "nameNotResolved":
    case "connectionRefused":
    case "noAnswerInTime":
    case "noNetworkPath":
    case "closedWhileConnecting":
    case "closedBeforeSecure":
    case "tooManyFiles":
    case "noConnection":
    case "notSecure":
    case "connectionUsed":
    case "otherServer":
    case "closedMeanwhile":
    case "spokeUnasked":
    case "headerUnsendable":
    case "answerLate":
    case "stoppedWaiting":
    case "brokenOff":
    case "timedOut":
    case "headersTooBig":
    case "notHttp":
    case "noCompleteAnswer":
    case "answerUnreadable":
    case "answerTooBig":
    case "answerPacked":
    case "answerNotUnpacked":
      return "network";
    case "noAccessToken":
    case "limitsRate":
    case "overloaded":
    case "status":
    case "clientRefused":
      return "provider";
    case "notWritable":
    case "onlyJournaled":
    case "noRoom":
    case "nothingWritten":
      return "notWritten";
    case "cannotReplace":
      return "cannotReplace";
    case "other":
      return setback.obstacle;
  }
}
