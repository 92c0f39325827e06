/** `doctor`: from what was found to what is to be done about it. Pure; it holds no token and makes none up. */

import { allows, RULES, type Weight } from "../../shared/login/rules.ts";
import type { Account, PingMode } from "../../shared/login/snapshot.ts";
import type { Source } from "../../shared/settings.ts";
import { keptCopySentences } from "../../shared/words/commands.ts";
import {
  fileProblemStep,
  fileProblemWords,
  REPLACE_STEP,
  replaceProblemWords,
} from "../../shared/words/file-problem.ts";
import { howToSignIn } from "../../shared/words/status.ts";
import { capital, moment, span } from "../../shared/words/words.ts";
import type { Examination, Finding, Level, LockSight, Setup, Topic } from "./examination.ts";

/** A commit waits for some seconds, a pass for a minute or two; longer is odd. */
const LONG_HELD_MS = 10 * 60_000;
/** File times and clocks differ a little, on network disks above all. */
const AHEAD_MS = 2 * 60_000;
/** This program is not older than that. */
const OLDEST_NOW = Date.UTC(2026, 0, 1);

/** @returns what was found, in the order in which a person would ask. */
export function findingsOf(examination: Examination, setup: Setup): readonly Finding[] {
  const found = { ...examination, setup };
  return [
    ...file(found),
    ...notes(found),
    ...keeper(found),
    ...lock(found),
    // Of what could not be read nothing is known.
    ...(found.notesProblem === null ? [...logins(found), ...answers(found), ...copies(found), ...shared(found)] : []),
    ...clock(found),
    ...endpoints(found),
    ...pings(found),
    { about: "version", level: "ok", sentence: versionOf(setup), next: null },
  ];
}

/** @returns 4 where credentials cannot be read, 1 where something is bad, else 0 (design section 8). */
export function doctorExitCode({ file: { kind }, accounts }: Examination, findings: readonly Finding[]): 0 | 1 | 4 {
  if (kind === "problem" || accounts.some(({ state }) => RULES[state].exit === 4)) return 4;
  return findings.some(({ level }) => level === "bad") ? 1 : 0;
}

type Found = Examination & { readonly setup: Setup };

const say =
  (about: Topic) =>
  (level: Level, sentence: string, next: string | null = null): Finding => ({ about, level, sentence, next });

const SAID: Readonly<Record<Source, string>> = {
  flag: "by flag",
  env: "by the environment",
  settings: "by the settings",
  default: "the default",
};

function file({ file: { kind, format, problem, cannotReplace, logins: held, mode }, paths, setup }: Found): Finding[] {
  const tell = say("file");
  if (problem !== null)
    return [
      tell(
        "bad",
        `The credential file cannot be used: ${fileProblemWords(problem)}. Nothing in it is changed or sent.`,
        fileProblemStep(problem.kind),
      ),
    ];
  if (kind === "missing")
    return [
      tell(
        "warn",
        `There is no credential file yet (${SAID[setup.authFileFrom]}).`,
        `${capital(howToSignIn(setup.authFileFrom))}; it is found by itself.`,
      ),
    ];
  const count = held === 1 ? "1 login" : `${held} logins`;
  const name = format === "accounts" ? "the multi-account format" : "the flat format";
  const findings = [
    tell("ok", `The credential file is understood: ${name}, ${count} (${SAID[setup.authFileFrom]}).`),
    cannotReplace === null
      ? tell("ok", "It can be replaced safely.")
      : tell("bad", `Nothing is refreshed: ${replaceProblemWords(cannotReplace)}.`, REPLACE_STEP),
  ];
  if (mode !== null && (mode & 0o077) !== 0 && setup.platform !== "win32")
    findings.push(
      tell(
        "warn",
        `Other users of this machine may read the credential file (mode ${mode.toString(8)}).`,
        `chmod 600 ${paths.realPath}`,
      ),
    );
  return findings;
}

function notes({ notesProblem, damaged, stateMode, paths, setup }: Found): Finding[] {
  const tell = say("notes");
  const findings = [
    notesProblem === null
      ? tell("ok", "Our own notes are whole.")
      : tell("bad", notesProblem, "Do that, then run doctor again."),
    ...damaged.map(({ kind, name }) =>
      tell(
        "warn",
        kind === "notes"
          ? `Notes of ours were damaged: ${name}. What the journal knows was taken over.`
          : `A file of our journal was damaged: ${name}. A safe copy that it held cannot be used any more.`,
        "Look at the disk; what was set aside may be deleted.",
      ),
    ),
  ];
  if (notesProblem === null && stateMode !== null && (stateMode & 0o077) !== 0 && setup.platform !== "win32")
    findings.push(
      tell(
        "warn",
        `Other users of this machine may look into the state folder (mode ${stateMode.toString(8)}) until the next pass closes it.`,
        `chmod 700 ${paths.stateDir}`,
      ),
    );
  return findings;
}

const owner = ({ pid }: LockSight): string => (pid === null ? "a process that has not named itself" : `pid ${pid}`);
const sinceWords = ({ since }: LockSight, now: number): string =>
  since === null ? "" : ` since ${moment(since, now)}`;

function keeper({ locks, now }: Found): Finding[] {
  const tell = say("keeper");
  const sight = locks.keeper;
  if (sight === null)
    return [tell("warn", "No keeper runs, so nothing is refreshed by itself.", 'Start the app, or "pilot-light run".')];
  if (sight.alive) return [tell("ok", `A keeper runs: ${owner(sight)}${sinceWords(sight, now)}.`)];
  return [
    tell(
      "warn",
      `The last keeper (${owner(sight)}) shows no sign of life.`,
      'Start the app, or "pilot-light run"; it takes over within seconds.',
    ),
  ];
}

function lock({ locks, now }: Found): Finding[] {
  const tell = say("lock");
  const sight = locks.file;
  if (sight === null) return [tell("ok", "Nobody holds the lock beside the file.")];
  const who = owner(sight);
  if (!sight.alive)
    return [
      tell(
        "warn",
        `The lock beside the file was left behind by ${who}.`,
        "Nothing to do: the next pass takes it over, within a minute.",
      ),
    ];
  const long = sight.since !== null && now - sight.since > LONG_HELD_MS;
  const sentence = `The lock beside the file is held by ${who}${sinceWords(sight, now)}.`;
  return long
    ? [tell("warn", sentence, "A refresh takes seconds; look at what that process does.")]
    : [tell("ok", sentence)];
}

function logins({ accounts }: Found): Finding[] {
  const tell = say("login");
  const well = accounts.filter(({ state }) => LEVELS[RULES[state].weight] === "ok");
  const findings = accounts
    // With whom one is shared is told below.
    .filter((account) => !well.includes(account) && account.state !== "shared")
    .map((account) =>
      tell(
        LEVELS[RULES[account.state].weight],
        `${account.id}: ${account.reason ?? "It needs a look."}`,
        nextFor(account),
      ),
    );
  const ours = well.filter(({ state }) => state !== "unmanaged").map(({ id }) => id);
  const others = well.filter(({ state }) => state === "unmanaged").map(({ id }) => id);
  if (ours.length > 0) findings.push(tell("ok", `All is well with ${ours.join(", ")}.`));
  if (others.length > 0) findings.push(tell("ok", `Left alone, since we have no adapter: ${others.join(", ")}.`));
  return findings;
}

const LEVELS: Readonly<Record<Weight, Level>> = {
  well: "ok",
  paused: "ok",
  waiting: "warn",
  needsYou: "bad",
  unreadable: "bad",
};

function nextFor({ state, id }: Account): string {
  if (allows(state, "allow")) return `Sign in again, or "pilot-light allow ${id}".`;
  if (allows(state, "tryOnce")) return `Sign in again; "pilot-light refresh ${id}" tries once more.`;
  if (state === "unreadable") return "Fix the entry, or sign in again with the program that writes it.";
  return "Nothing to do: it is tried again by itself while a keeper runs.";
}

function answers({ openIntents, now }: Found): Finding[] {
  const tell = say("answers");
  if (openIntents.length === 0) return [tell("ok", "No answer of a refresh is missing.")];
  return openIntents.map(({ ids, since, attempts, sender }) => {
    const who = ids.length === 0 ? "a login" : ids.join(", ");
    if (sender === "alive") return tell("ok", `A refresh of ${who} waits for its answer.`);
    const times = attempts === 1 ? "" : `, ${attempts} times by now`;
    const next = `It is tried again with care; "pilot-light refresh ${ids[0] ?? "ID"}" tries at once.`;
    return tell("warn", `The answer to a refresh of ${who} was lost at ${moment(since, now)}${times}.`, next);
  });
}

function copies({ keptCopies, now }: Found): Finding[] {
  const tell = say("copies");
  if (keptCopies.length === 0) return [tell("ok", "No safe copy of a removed login is kept.")];
  return keptCopies.map((copy) => tell("ok", ...keptCopySentences(copy, now)));
}

function shared({ shared: with_, sharedWarning }: Found): Finding[] {
  const tell = say("shared");
  const findings = with_.map(({ id, with: other, allowed }) =>
    allowed
      ? tell(
          "warn",
          `${other} also uses ${id}; it is refreshed here anyway, as you allowed.`,
          `"pilot-light disallow ${id}" takes that back.`,
        )
      : tell(
          "bad",
          `${other} also uses ${id}, so it is not refreshed here.`,
          `Sign in separately for each program, or "pilot-light allow ${id}".`,
        ),
  );
  if (sharedWarning !== null)
    findings.push(
      tell(
        "warn",
        sharedWarning,
        "Where both use one account, sign in separately for each, so that they hold two logins.",
      ),
    );
  return findings.length > 0 ? findings : [tell("ok", "No other program was found that uses these logins.")];
}

function clock({ now, newestFile }: Found): Finding[] {
  const tell = say("clock");
  if (now < OLDEST_NOW)
    return [
      tell(
        "bad",
        `The clock is wrong: it says ${new Date(now).toISOString().slice(0, 10)}.`,
        "Set it; no provider can be reached safely with such a clock.",
      ),
    ];
  if (newestFile !== null && newestFile.at > now + AHEAD_MS)
    return [
      tell(
        "bad",
        `The clock may be wrong: ${newestFile.path} was written ${span(newestFile.at - now)} from now.`,
        "Compare the clock with another one and set it; logins are refreshed by it.",
      ),
    ];
  return [tell("ok", "The clock agrees with the times of the files.")];
}

function endpoints({ setup }: Found): Finding[] {
  const tell = say("endpoints");
  return setup.endpoints.map((each) => {
    const { provider, tokenUrl, tokenUrlFrom, apiUrl, apiUrlFrom } = each;
    const sentence =
      `${provider}: refreshes go to ${tokenUrl} (${SAID[tokenUrlFrom]}), ` +
      `pings to ${apiUrl} (${SAID[apiUrlFrom]}).`;
    const own = tokenUrlFrom === "default" && apiUrlFrom === "default";
    return own
      ? tell("ok", sentence)
      : tell("warn", sentence, `Tokens are sent there; if you did not choose that, ${undoing(each).join(" and ")}.`);
  });
}

/** How to take back what was said of the endpoints of a provider. */
function undoing({ provider, tokenUrlFrom, apiUrlFrom }: Setup["endpoints"][number]): readonly string[] {
  const undo = (from: Source, flag: string, variable: string, key: string): readonly string[] => {
    switch (from) {
      case "flag":
        return [`leave out ${flag}`];
      case "env":
        return [`unset ${variable}`];
      case "settings":
        return [`remove providers.${provider}.${key} from the settings`];
      case "default":
        return [];
    }
  };
  return [
    ...undo(tokenUrlFrom, "--token-url", "PILOT_LIGHT_TOKEN_URL", "tokenUrl"),
    ...undo(apiUrlFrom, "--api-url", "PILOT_LIGHT_API_URL", "apiUrl"),
  ];
}

function pings({ setup: { ping } }: Found): Finding[] {
  const words: Readonly<Record<PingMode, string>> = {
    off: "Pings are off",
    profile: "Pings ask for the profile, no model",
    message: "Pings are tiny messages",
  };
  return [say("pings")("ok", `${words[ping.mode]} (${SAID[ping.from]}).`)];
}

const versionOf = ({ version, node, platform }: Setup): string =>
  `Pilot Light ${version} on Node ${node.replace(/^v/, "")}, ${platform}.`;
