/** Why a request or a refresh came to nothing for now, as data. Apart from `setback.ts`, since the page takes no valibot. */
import * as v from "valibot";
import { replaceProblemSchema, writeProblemSchema } from "./file-problem-schema.ts";

const plain = <const K extends string>(kind: K) => v.object({ kind: v.literal(kind) });
/** `host`: the name or the address in the URL that was asked for. */
const atHost = <const K extends string>(kind: K) => v.object({ kind: v.literal(kind), host: v.string() });
/** `code` of the error ("ECONNRESET"); null = it has none. */
const code = v.nullable(v.string());
const bytes = v.number();
const status = v.number();

/** What the network did. No connection was made, or the request did not leave: */
const notSent = [
  plain("addressUnusable"),
  plain("addressOdd"),
  plain("addressNotSecure"),
  /** Plain http, and its name led to another machine. */
  plain("addressElsewhere"),
  plain("stopped"),
  atHost("nameNotResolved"),
  atHost("connectionRefused"),
  atHost("noAnswerInTime"),
  atHost("noNetworkPath"),
  atHost("closedWhileConnecting"),
  atHost("closedBeforeSecure"),
  plain("tooManyFiles"),
  v.object({ kind: v.literal("noConnection"), host: v.string(), code }),
  v.object({ kind: v.literal("notSecure"), host: v.string(), code }),
  plain("connectionUsed"),
  plain("otherServer"),
  plain("closedMeanwhile"),
  plain("spokeUnasked"),
  plain("headerUnsendable"),
] as const;

/** The request left, or may have, and no complete answer came of it: */
const noAnswer = [
  plain("answerLate"),
  plain("stoppedWaiting"),
  plain("brokenOff"),
  plain("timedOut"),
  plain("headersTooBig"),
  v.object({ kind: v.literal("notHttp"), code: v.string() }),
  v.object({ kind: v.literal("noCompleteAnswer"), code }),
  plain("answerUnreadable"),
  v.object({ kind: v.literal("answerTooBig"), maxBytes: bytes }),
  plain("answerPacked"),
  v.object({ kind: v.literal("answerNotUnpacked"), maxBytes: bytes }),
] as const;

export const transportProblemSchema = v.variant("kind", [...notSent, ...noAnswer]);

/** What the provider answered. */
const answers = [
  plain("noAccessToken"),
  plain("limitsRate"),
  v.object({ kind: v.literal("overloaded"), status }),
  v.object({ kind: v.literal("status"), status }),
] as const;

/** Why a call of a provider brought nothing. */
export const callProblemSchema = v.variant("kind", [...notSent, ...noAnswer, ...answers]);

/** Why a refresh came to nothing for now, so that it is tried again. */
export const setbackSchema = v.variant("kind", [
  ...notSent,
  ...noAnswer,
  ...answers,
  /** The provider does not take our client; `provider`: its name for people. */
  v.object({ kind: v.literal("clientRefused"), provider: v.string() }),
  /** The file is one that cannot be replaced safely. */
  v.object({ kind: v.literal("cannotReplace"), problem: replaceProblemSchema }),
  /** Looked at beforehand: an answer could not be put into the file. */
  v.object({ kind: v.literal("notWritable"), problem: writeProblemSchema }),
  /** The new pair waits in the journal, since it could not be put into the file. */
  v.object({ kind: v.literal("onlyJournaled"), problem: writeProblemSchema }),
  /** Our notes have no room for an answer. */
  plain("noRoom"),
  /** Nothing can be written beside the file, or among our own notes. */
  v.object({ kind: v.literal("nothingWritten"), problem: v.object({ kind: v.picklist(["folder", "notes"]), code }) }),
  /** Noted by an older or a newer version: only its words are known, and perhaps what it met. */
  v.object({
    kind: v.literal("other"),
    text: v.string(),
    obstacle: v.picklist(["notWritten", "network", "provider", "other"]),
  }),
]);
