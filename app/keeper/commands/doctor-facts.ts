/** What `doctor` looks at. It has no field for a token. */
import type { EndpointsInUse, NotesProblem } from "../../shared/finding.ts";
import type { FileProblem, ReplaceProblem } from "../../shared/login/file-problem.ts";
import type { KeptCopy } from "../../shared/login/kept.ts";
import type { SharingUnseen } from "../../shared/login/sharing.ts";
import type { Login, PingMode } from "../../shared/login/snapshot.ts";
import type { Source } from "../../shared/settings.ts";

/** A lock as it was found. `pid` and `since` are null where its owner has not named itself. */
export interface LockSight {
  readonly pid: number | null;
  /** Wall ms. */
  readonly since: number | null;
  /** Did its owner show a sign of life lately? */
  readonly alive: boolean;
}

/** What the engine finds on disk; times in wall ms. */
export interface DoctorFacts {
  readonly now: number;
  readonly paths: { readonly authFile: string; readonly realPath: string; readonly stateDir: string };
  readonly file: {
    readonly kind: "good" | "missing" | "problem";
    readonly format: "flat" | "accounts" | null;
    readonly problem: FileProblem | null;
    readonly cannotReplace: ReplaceProblem | null;
    /** How many logins stand in it, also while our notes on them cannot be read. */
    readonly logins: number;
    /** The permission bits; null = not there, or none on this system. */
    readonly mode: number | null;
  };
  /** The permission bits of the state folder; null = not there yet, or none on this system. */
  readonly stateMode: number | null;
  readonly notesProblem: NotesProblem | null;
  /** Our own files that were damaged, under the names that they have now. */
  readonly damaged: readonly { readonly kind: "notes" | "journal"; readonly name: string }[];
  readonly locks: { readonly file: LockSight | null; readonly keeper: LockSight | null };
  readonly logins: readonly Login[];
  /** Refreshes of which the answer is not known. */
  readonly openIntents: readonly {
    readonly ids: readonly string[];
    readonly since: number;
    readonly attempts: number;
    readonly sender: "alive" | "dead" | "unknown";
  }[];
  readonly keptCopies: readonly KeptCopy[];
  readonly shared: readonly { readonly id: string; readonly with: string; readonly allowed: boolean }[];
  /** Why it cannot be told whether more are. */
  readonly sharingUnseen: SharingUnseen | null;
  /** Of the credential file and our own: which was written last. */
  readonly newestFile: { readonly path: string; readonly at: number } | null;
}

/** What only the root knows. */
export interface Setup {
  readonly version: string;
  /** As `process.version` names it. */
  readonly node: string;
  readonly platform: string;
  readonly settingsFile: string;
  readonly logDir: string;
  readonly authFileFrom: Source;
  readonly endpoints: readonly EndpointsInUse[];
  readonly ping: { readonly mode: PingMode; readonly from: Source };
}
