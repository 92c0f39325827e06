/** What `doctor` finds, as data: `findingsOf` decides what is bad, `words/doctor.ts` says it. It has no field for a token. */
import type { FileProblem, ReplaceProblem } from "./login/file-problem.ts";
import type { KeptCopy } from "./login/kept.ts";
import type { SharingUnseen } from "./login/sharing.ts";
import type { Login, PingMode } from "./login/snapshot.ts";
import type { Source } from "./settings.ts";

export type Level = "ok" | "warn" | "bad";
export type Topic =
  | "file"
  | "notes"
  | "keeper"
  | "lock"
  | "login"
  | "answers"
  | "copies"
  | "shared"
  | "clock"
  | "endpoints"
  | "pings"
  | "version";

export interface Finding {
  readonly about: Topic;
  readonly level: Level;
  readonly what: FindingWhat;
}

/** Where the requests of a provider go, and who said so. */
export interface EndpointsInUse {
  readonly provider: string;
  readonly tokenUrl: string;
  readonly tokenUrlFrom: Source;
  readonly apiUrl: string;
  readonly apiUrlFrom: Source;
}

/** Why our own notes or the settings cannot be used. `sentence`: of a `UserError`, with its next step. */
export type NotesProblem =
  | { readonly kind: "userError"; readonly sentence: string }
  | { readonly kind: "unreadable"; readonly stateDir: string; readonly code: string | null };

/** Times in wall ms; `mode`: permission bits; `pid` null = a process that has not named itself. */
export type FindingWhat =
  | { readonly kind: "fileUnusable"; readonly problem: FileProblem }
  | { readonly kind: "fileMissing"; readonly from: Source }
  | {
      readonly kind: "fileReadable";
      readonly format: "flat" | "accounts";
      readonly logins: number;
      readonly from: Source;
    }
  | { readonly kind: "fileReplaceable" }
  | { readonly kind: "fileNotReplaceable"; readonly problem: ReplaceProblem }
  | { readonly kind: "fileOpen"; readonly mode: number; readonly path: string }
  | { readonly kind: "notesWhole" }
  | { readonly kind: "notesUnusable"; readonly problem: NotesProblem }
  | { readonly kind: "notesDamaged"; readonly name: string }
  | { readonly kind: "journalDamaged"; readonly name: string }
  | { readonly kind: "stateOpen"; readonly mode: number; readonly path: string }
  | { readonly kind: "noKeeper" }
  | { readonly kind: "keeperRuns"; readonly pid: number | null; readonly since: number | null }
  | { readonly kind: "keeperSilent"; readonly pid: number | null }
  | { readonly kind: "lockFree" }
  | { readonly kind: "lockLeft"; readonly pid: number | null }
  | { readonly kind: "lockHeld"; readonly pid: number | null; readonly since: number | null; readonly long: boolean }
  | { readonly kind: "loginsWell"; readonly ids: readonly string[] }
  | { readonly kind: "loginsLeftAlone"; readonly ids: readonly string[] }
  | { readonly kind: "loginNotWell"; readonly login: Login; readonly help: LoginHelp }
  | { readonly kind: "noAnswerMissing" }
  | { readonly kind: "answerAwaited"; readonly ids: readonly string[] }
  | {
      readonly kind: "answerLost";
      readonly ids: readonly string[];
      readonly since: number;
      readonly attempts: number;
    }
  | { readonly kind: "noCopies" }
  | { readonly kind: "copyKept"; readonly copy: KeptCopy }
  | { readonly kind: "notShared" }
  | { readonly kind: "sharedAllowed" | "sharedHeld"; readonly id: string; readonly with: string }
  | { readonly kind: "sharingUnseen"; readonly unseen: SharingUnseen }
  | { readonly kind: "clockFine" }
  | { readonly kind: "clockAncient"; readonly now: number }
  | { readonly kind: "fileFromFuture"; readonly path: string; readonly aheadMs: number }
  | { readonly kind: "endpointsOwn" | "endpointsChosen"; readonly endpoints: EndpointsInUse }
  | { readonly kind: "pings"; readonly mode: PingMode; readonly from: Source }
  | { readonly kind: "version"; readonly version: string; readonly node: string; readonly platform: string };

/** What helps a login that is not well: `allow`, one more try, its entry put in order, or time. */
export type LoginHelp = "allow" | "tryOnce" | "fixEntry" | "wait" | "start";
