/** `doctor`: from what was seen to what is to be thought of it. Pure; it holds no token and makes none up. */

import type { Finding, FindingWhat, Level, LoginHelp, Topic } from "../../shared/finding.ts";
import { allows, oursOf, RULES, type Weight, weightOf } from "../../shared/login/rules.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import type { DoctorFacts, Setup } from "./doctor-facts.ts";

/** A commit waits for some seconds, a pass for a minute or two; longer is odd. */
const LONG_HELD_MS = 10 * 60_000;
/** File times and clocks differ a little, on network disks above all. */
const AHEAD_MS = 2 * 60_000;
/** This program is not older than that. */
const OLDEST_NOW = Date.UTC(2026, 0, 1);

/** @returns what was found, in the order in which a person would ask. */
export function findingsOf(facts: DoctorFacts, setup: Setup): readonly Finding[] {
  const found = { ...facts, setup };
  return [
    ...file(found),
    ...notes(found),
    ...keeper(found),
    ...lock(found),
    // Of what could not be read nothing is known.
    ...(found.notesProblem === null ? [...states(found), ...answers(found), ...copies(found), ...shared(found)] : []),
    ...clock(found),
    ...endpoints(found),
    tell("pings")("ok", { kind: "pings", ...setup.ping }),
    tell("version")("ok", versionOf(setup)),
  ];
}

/** @returns 4 where credentials cannot be read, 1 where something is bad, else 0. */
export function doctorExitCode({ file: { kind }, logins }: DoctorFacts, findings: readonly Finding[]): 0 | 1 | 4 {
  if (kind === "problem" || logins.some(({ state }) => RULES[state].exit === 4)) return 4;
  return findings.some(({ level }) => level === "bad") ? 1 : 0;
}

type Found = DoctorFacts & { readonly setup: Setup };

const tell =
  (about: Topic) =>
  (level: Level, what: FindingWhat): Finding => ({ about, level, what });

function file({ file: { format, problem, cannotReplace, logins: held, mode }, paths, setup }: Found): Finding[] {
  const found = tell("file");
  const from = setup.authFileFrom;
  if (problem !== null) return [found("bad", { kind: "fileUnusable", problem })];
  if (format === null) return [found("warn", { kind: "fileMissing", from })];
  return [
    found("ok", { kind: "fileReadable", format, logins: held, from }),
    cannotReplace === null
      ? found("ok", { kind: "fileReplaceable" })
      : found("bad", { kind: "fileNotReplaceable", problem: cannotReplace }),
    ...(isOpen(mode, setup) ? [found("warn", { kind: "fileOpen", mode, path: paths.realPath })] : []),
  ];
}

function notes({ notesProblem, damaged, stateMode, paths, setup }: Found): Finding[] {
  const found = tell("notes");
  return [
    notesProblem === null
      ? found("ok", { kind: "notesWhole" })
      : found("bad", { kind: "notesUnusable", problem: notesProblem }),
    ...damaged.map(({ kind, name }) =>
      found("warn", { kind: kind === "notes" ? "notesDamaged" : "journalDamaged", name }),
    ),
    ...(notesProblem === null && isOpen(stateMode, setup)
      ? [found("warn", { kind: "stateOpen", mode: stateMode, path: paths.stateDir })]
      : []),
  ];
}

/** May others read it? Windows has no such bits. */
function isOpen(mode: number | null, { platform }: Setup): mode is number {
  return mode !== null && (mode & 0o077) !== 0 && platform !== "win32";
}

function keeper({ locks }: Found): Finding[] {
  const found = tell("keeper");
  const sight = locks.keeper;
  if (sight === null) return [found("warn", { kind: "noKeeper" })];
  const { pid, since } = sight;
  return [sight.alive ? found("ok", { kind: "keeperRuns", pid, since }) : found("warn", { kind: "keeperSilent", pid })];
}

function lock({ locks, now }: Found): Finding[] {
  const found = tell("lock");
  const sight = locks.file;
  if (sight === null) return [found("ok", { kind: "lockFree" })];
  const { pid, since } = sight;
  if (!sight.alive) return [found("warn", { kind: "lockLeft", pid })];
  const long = since !== null && now - since > LONG_HELD_MS;
  return [found(long ? "warn" : "ok", { kind: "lockHeld", pid, since, long })];
}

function states({ logins }: Found): Finding[] {
  const found = tell("login");
  const well = logins.filter((login) => LEVELS[weightOf(login)] === "ok");
  const ours = oursOf(well).map(({ id }) => id);
  const others = well.filter(({ state }) => state === "unmanaged").map(({ id }) => id);
  return [
    ...logins
      // With whom one is shared is told below.
      .filter((login) => !well.includes(login) && login.state !== "shared")
      .map((login) =>
        found(LEVELS[weightOf(login)], {
          kind: "loginNotWell",
          login,
          help: helpFor(login),
        }),
      ),
    ...(ours.length > 0 ? [found("ok", { kind: "loginsWell", ids: ours })] : []),
    ...(others.length > 0 ? [found("ok", { kind: "loginsLeftAlone", ids: others })] : []),
  ];
}

const LEVELS: Readonly<Record<Weight, Level>> = {
  well: "ok",
  paused: "ok",
  waiting: "warn",
  needsYou: "bad",
  unreadable: "bad",
};

function helpFor({ state, reasonKind }: Login): LoginHelp {
  if (reasonKind === "unkept") return "start";
  if (allows(state, "allow")) return "allow";
  if (allows(state, "tryOnce")) return "tryOnce";
  return state === "unreadable" ? "fixEntry" : "wait";
}

function answers({ openIntents }: Found): Finding[] {
  const found = tell("answers");
  if (openIntents.length === 0) return [found("ok", { kind: "noAnswerMissing" })];
  return openIntents.map(({ ids, since, attempts, sender }) =>
    sender === "alive"
      ? found("ok", { kind: "answerAwaited", ids })
      : found("warn", { kind: "answerLost", ids, since, attempts }),
  );
}

function copies({ keptCopies }: Found): Finding[] {
  const found = tell("copies");
  if (keptCopies.length === 0) return [found("ok", { kind: "noCopies" })];
  return keptCopies.map((copy) => found("ok", { kind: "copyKept", copy }));
}

function shared({ shared: with_, sharingUnseen }: Found): Finding[] {
  const found = tell("shared");
  const findings = [
    ...with_.map(({ id, with: other, allowed }) =>
      allowed
        ? found("warn", { kind: "sharedAllowed", id, with: other })
        : found("bad", { kind: "sharedHeld", id, with: other }),
    ),
    ...(sharingUnseen === null ? [] : [found("warn", { kind: "sharingUnseen", unseen: sharingUnseen })]),
  ];
  return findings.length > 0 ? findings : [found("ok", { kind: "notShared" })];
}

function clock({ now, newestFile }: Found): Finding[] {
  const found = tell("clock");
  if (now < OLDEST_NOW) return [found("bad", { kind: "clockAncient", now })];
  if (newestFile !== null && newestFile.at > now + AHEAD_MS)
    return [found("bad", { kind: "fileFromFuture", path: newestFile.path, aheadMs: newestFile.at - now })];
  return [found("ok", { kind: "clockFine" })];
}

function endpoints({ setup }: Found): Finding[] {
  const found = tell("endpoints");
  return setup.endpoints.map((each) =>
    each.tokenUrlFrom === "default" && each.apiUrlFrom === "default"
      ? found("ok", { kind: "endpointsOwn", endpoints: each })
      : found("warn", { kind: "endpointsChosen", endpoints: each }),
  );
}

const versionOf = ({ version, node, platform }: Setup): FindingWhat => ({
  kind: "version",
  version,
  node: node.replace(/^v/, ""),
  platform,
});
