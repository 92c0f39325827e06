import { expect, it } from "vitest";
import { type Obstacle, obstacleOf, type Setback } from "../login/setback.ts";
import { setbackWords } from "./setback.ts";

const host = "a.invalid";
type Words = readonly [Obstacle | "cannotReplace" | "other", Setback, string];

it.each<Words>([
  ["network", { kind: "addressUnusable" }, "the address is not a usable URL"],
  ["network", { kind: "addressElsewhere" }, "the address is not https, and not this machine"],
  ["network", { kind: "nameNotResolved", host }, "the name a.invalid could not be resolved"],
  ["network", { kind: "noNetworkPath", host }, "there is no network route to a.invalid"],
  ["network", { kind: "closedWhileConnecting", host }, "a.invalid closed the connection while we were connecting"],
  ["network", { kind: "tooManyFiles" }, "too many files are open"],
  ["network", { kind: "noConnection", host, code: "EPROTO" }, "could not connect to a.invalid (EPROTO)"],
  ["network", { kind: "notSecure", host, code: null }, "could not connect securely to a.invalid"],
  ["network", { kind: "timedOut" }, "the connection timed out"],
  ["network", { kind: "noCompleteAnswer", code: null }, "no complete answer came"],
  ["network", { kind: "answerUnreadable" }, "the answer could not be read"],
  ["provider", { kind: "noAccessToken" }, "the answer contained no access token"],
  ["provider", { kind: "limitsRate" }, "the provider is limiting requests"],
  ["provider", { kind: "overloaded", status: 529 }, "the provider is overloaded (529)"],
  ["provider", { kind: "status", status: 404 }, "the provider answered 404"],
  ["provider", { kind: "clientRefused", provider: "A" }, "A does not currently accept this client"],
  ["notWritten", { kind: "notWritable", problem: { kind: "protected" } }, "it is protected from changes"],
  [
    "notWritten",
    { kind: "onlyJournaled", problem: { kind: "failed", code: "ENOSPC" } },
    "the file could not be written (the disk is full); the new token is safe in our journal",
  ],
  ["notWritten", { kind: "noRoom" }, "our own notes cannot be written, so an answer could not be kept"],
  [
    "notWritten",
    { kind: "nothingWritten", problem: { kind: "notes", code: "ENOSPC" } },
    "our own notes cannot be written (the disk is full)",
  ],
  [
    "cannotReplace",
    { kind: "cannotReplace", problem: { kind: "mounted" } },
    "something is mounted on it, so it cannot be replaced safely",
  ],
  [
    "network",
    { kind: "other", text: "as an older version said it", obstacle: "network" },
    "as an older version said it",
  ],
  [
    "other",
    { kind: "other", text: "as the first versions said it", obstacle: "other" },
    "as the first versions said it",
  ],
])("a setback is of kind %s: %j", (obstacle, setback, words) => {
  expect(obstacleOf(setback)).toBe(obstacle);
  expect(setbackWords(setback)).toBe(words);
});
