/** What `doctor` looks at, where all is well. */
import { loginOf, NOON } from "../../shared/testing/snapshots.ts";
import type { DoctorFacts, Setup } from "../commands/doctor-facts.ts";

/** Of a machine on which all is well. */
export const DOCTOR_FACTS: DoctorFacts = {
  now: NOON,
  paths: { authFile: "/home/ann/auth.json", realPath: "/home/ann/auth.json", stateDir: "/home/ann/state" },
  file: { kind: "good", format: "flat", problem: null, cannotReplace: null, logins: 1, mode: 0o600 },
  stateMode: 0o700,
  notesProblem: null,
  damaged: [],
  locks: { file: null, keeper: { pid: 7, since: NOON, alive: true } },
  logins: [loginOf("anthropic")],
  openIntents: [],
  keptCopies: [],
  shared: [],
  sharingUnseen: null,
  newestFile: { path: "/home/ann/state/status.json", at: NOON - 1_000 },
};
export const ENDPOINT = {
  provider: "anthropic",
  tokenUrl: "https://token.example",
  tokenUrlFrom: "default",
  apiUrl: "https://api.example",
  apiUrlFrom: "default",
} as const;

export const SETUP: Setup = {
  version: "1.2.3",
  node: "v20.19.0",
  platform: "linux",
  settingsFile: "/home/ann/settings.json",
  logDir: "/home/ann/state/log",
  authFileFrom: "default",
  endpoints: [ENDPOINT],
  ping: { mode: "message", from: "default" },
};
