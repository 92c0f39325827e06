/** What `doctor` found, in words. Pure. */
import { codeWords } from "../data/errors.ts";
import type { EndpointsInUse, FindingWhat, LoginHelp, NotesProblem } from "../finding.ts";
import type { PingMode } from "../login/snapshot.ts";
import type { Source } from "../settings.ts";
import { fileProblemStep, fileProblemWords, REPLACE_STEP, replaceProblemWords } from "./file-problem.ts";
import { keptCopySentences } from "./kept.ts";
import { sharingUnseenSentence } from "./state.ts";
import { howToSignIn } from "./status.ts";
import { capital, moment, span } from "./times.ts";

/** One sentence, and what to do about it; null = nothing. */
export interface FindingWords {
  readonly sentence: string;
  readonly next: string | null;
}

const FROM: Readonly<Record<Source, string>> = {
  flag: "from the flag",
  env: "from the environment",
  settings: "from the settings",
  default: "the default",
};

const FORMATS = { flat: "the flat format", accounts: "the multi-account format" } as const;

const PINGS: Readonly<Record<PingMode, string>> = {
  off: "Pings are off",
  profile: "Pings read the profile and use no tokens",
  message: "Pings are one-word messages",
};

const say = (sentence: string, next: string | null = null): FindingWords => ({ sentence, next });

/** @param now ms. @returns what was found, in words. */
export function findingWords(what: FindingWhat, now: number): FindingWords {
  switch (what.kind) {
    case "fileUnusable":
      return say(
        `The credential file cannot be used: ${fileProblemWords(what.problem)}. Nothing in it is changed or sent.`,
        fileProblemStep(what.problem.kind),
      );
    case "fileMissing":
      return say(`There is no credential file yet (${FROM[what.from]}).`, stepOf(what.from));
    case "fileReadable": {
      const logins = what.logins === 1 ? "1 login" : `${what.logins} logins`;
      return say(`The credential file can be read: ${FORMATS[what.format]}, ${logins} (${FROM[what.from]}).`);
    }
    case "fileReplaceable":
      return say("It can be replaced safely.");
    case "fileNotReplaceable":
      return say(`Nothing is refreshed: ${replaceProblemWords(what.problem)}.`, REPLACE_STEP);
    case "fileOpen":
      return say(
        `Other users of this machine can read the credential file (mode ${what.mode.toString(8)}).`,
        `chmod 600 ${what.path}`,
      );
    case "notesWhole":
      return say("Pilot Light's own files are intact.");
    case "notesUnusable":
      return say(notesProblemSentence(what.problem), "Do that, then run doctor again.");
    case "notesDamaged":
      return say(
        `A file of ours was damaged: ${what.name}. What the journal knows was restored.`,
        "Check the disk. What was set aside can be deleted.",
      );
    case "journalDamaged":
      return say(
        `A file of our journal was damaged: ${what.name}. The safe copy in it cannot be used any more.`,
        "Check the disk. What was set aside can be deleted.",
      );
    case "stateOpen":
      return say(
        `Other users of this machine can look into the state folder (mode ${what.mode.toString(8)}) until the next pass closes it.`,
        `chmod 700 ${what.path}`,
      );
    case "noKeeper":
      return say("No keeper is running, so nothing is refreshed automatically.", 'Start the app or "pilot-light run".');
    case "keeperRuns":
      return say(`A keeper is running: ${owner(what)}${sinceWords(what, now)}.`);
    case "keeperSilent":
      return say(
        `The last keeper (${owner(what)}) shows no sign of life.`,
        'Start the app or "pilot-light run"; it takes over within seconds.',
      );
    case "lockFree":
      return say("Nobody holds the lock on the credential file.");
    case "lockLeft":
      return say(
        `The lock on the credential file was left behind by ${owner(what)}.`,
        "Nothing to do: the next pass takes it over within a minute.",
      );
    case "lockHeld":
      return say(
        `The lock on the credential file is held by ${owner(what)}${sinceWords(what, now)}.`,
        what.long ? "A refresh takes seconds. Check what that process is doing." : null,
      );
    case "loginsWell":
      return say(`All is well with ${what.ids.join(", ")}.`);
    case "loginsLeftAlone":
      return say(`Left alone, because Pilot Light does not support the provider: ${what.ids.join(", ")}.`);
    case "loginNotWell": {
      const { id, reason } = what.login;
      return say(`${id}: ${reason ?? "It needs a look."}`, helpWords(what.help, id));
    }
    case "noAnswerMissing":
      return say("No refresh is missing its answer.");
    case "answerAwaited":
      return say(`A refresh of ${namesOf(what)} is waiting for its answer.`);
    case "answerLost": {
      const times = what.attempts === 1 ? "" : `, ${what.attempts} times so far`;
      return say(
        `The answer to a refresh of ${namesOf(what)} was lost at ${moment(what.since, now)}${times}.`,
        `A running keeper tries again with care. "pilot-light refresh ${what.ids[0] ?? "ID"}" tries at once.`,
      );
    }
    case "noCopies":
      return say("No safe copy of a removed login is kept.");
    case "copyKept":
      return say(...keptCopySentences(what.copy, now));
    case "notShared":
      return say("No other program was found to use these logins.");
    case "sharedAllowed":
      return say(
        `${what.with} also uses ${what.id}. It is refreshed here anyway, as you allowed.`,
        `"pilot-light disallow ${what.id}" takes that back.`,
      );
    case "sharedHeld":
      return say(
        `${what.with} also uses ${what.id}, so it is not refreshed here.`,
        `Sign in separately for each program, or run "pilot-light allow ${what.id}".`,
      );
    case "sharingUnseen":
      return say(sharingUnseenSentence(what.unseen), "If both use the same login, sign in separately for each.");
    case "clockFine":
      return say("The clock agrees with the files' timestamps.");
    case "clockAncient":
      return say(
        `The clock is wrong: it says ${new Date(what.now).toISOString().slice(0, 10)}.`,
        "Set it; no provider can be reached safely with such a clock.",
      );
    case "fileFromFuture":
      return say(
        `The clock may be wrong: ${what.path} was written ${span(what.aheadMs)} from now.`,
        "Compare the clock with another one and set it; logins are refreshed by it.",
      );
    case "endpointsOwn":
      return say(endpointsSentence(what.endpoints));
    case "endpointsChosen":
      return say(
        endpointsSentence(what.endpoints),
        `Tokens are sent there. If you did not choose that, ${undoing(what.endpoints)}.`,
      );
    case "pings":
      return say(`${PINGS[what.mode]} (${FROM[what.from]}).`);
    case "version":
      return say(`Pilot Light ${what.version} on Node ${what.node}, ${what.platform}.`);
  }
}

function notesProblemSentence(problem: NotesProblem): string {
  switch (problem.kind) {
    case "userError":
      return problem.sentence;
    case "unreadable":
      return `The state folder ${problem.stateDir} cannot be read: ${codeWords(problem.code)}.`;
  }
}

/** A command is copied, so nothing follows it. */
function stepOf(from: Source): string {
  const step = capital(howToSignIn(from));
  return from === "default" ? step : `${step}.`;
}

function owner({ pid }: { readonly pid: number | null }): string {
  return pid === null ? "a process that has not named itself" : `pid ${pid}`;
}

function sinceWords({ since }: { readonly since: number | null }, now: number): string {
  return since === null ? "" : ` since ${moment(since, now)}`;
}

function namesOf({ ids }: { readonly ids: readonly string[] }): string {
  return ids.length === 0 ? "a login" : ids.join(", ");
}

function helpWords(help: LoginHelp, id: string): string {
  switch (help) {
    case "allow":
      return `Sign in again, or run "pilot-light allow ${id}".`;
    case "tryOnce":
      return `Sign in again. "pilot-light refresh ${id}" tries once more.`;
    case "fixEntry":
      return "Fix the entry, or sign in again with the program that writes it.";
    case "wait":
      return "Nothing to do: a running keeper tries again.";
    case "start":
      return `To refresh it once: "pilot-light refresh ${id}".`;
  }
}

function endpointsSentence({ provider, tokenUrl, tokenUrlFrom, apiUrl, apiUrlFrom }: EndpointsInUse): string {
  return `${provider}: refreshes go to ${tokenUrl} (${FROM[tokenUrlFrom]}), pings to ${apiUrl} (${FROM[apiUrlFrom]}).`;
}

/** How to take back what was said of the endpoints of a provider; a verb that both share stands once. */
function undoing({ provider, tokenUrlFrom, apiUrlFrom }: EndpointsInUse): string {
  const undo = (from: Source, flag: string, variable: string, key: string): readonly [verb: string, what: string][] => {
    switch (from) {
      case "flag":
        return [["leave out", flag]];
      case "env":
        return [["unset", variable]];
      case "settings":
        return [["remove", `providers.${provider}.${key} from the settings`]];
      case "default":
        return [];
    }
  };
  return [
    ...undo(tokenUrlFrom, "--token-url", "PILOT_LIGHT_TOKEN_URL", "tokenUrl"),
    ...undo(apiUrlFrom, "--api-url", "PILOT_LIGHT_API_URL", "apiUrl"),
  ]
    .map(([verb, what], at, all) => (verb === all[at - 1]?.[0] ? what : `${verb} ${what}`))
    .join(" and ");
}
