import * as v from "valibot";
import { byId } from "../data/by-id-schema.ts";
import { LOST_HOW, RESCUE_OBSTACLES } from "../login/kept.ts";
import { NOTIFICATION_KINDS } from "../login/notifications.ts";
import { SCHEDULES } from "../login/schedules.ts";
import { PING_MODES, snapshotSchema } from "../login/snapshot.ts";
import { LOGIN_STATE_NAMES } from "../login/states.ts";

import { startLockSchema } from "./start-lock.ts";

const answer = v.object({
  at: v.number(),
  sentence: v.string(),
  /** The state that the sentence told the reason of; absent = none. */
  tells: v.optional(v.object({ state: v.picklist(LOGIN_STATE_NAMES), reasonKind: v.nullable(v.string()) })),
});

/**
 * What is said of a provider. Addresses are shown, never changed here: a page that was taken over must not send tokens
 * elsewhere.
 */
const provider = v.object({
  /** As logins name it. */
  id: v.string(),
  name: v.string(),
  /** The command that signs in again. */
  signInHint: v.string(),
  /** What that command needs first; null = nothing. */
  signInNote: v.nullable(v.string()),
  /** The same in one short line, for who had a login before. */
  signInNeeds: v.nullable(v.string()),
  /** What its terms say of programs like this one; null = nothing. */
  termsNote: v.nullable(v.string()),
  tokenUrl: v.string(),
  apiUrl: v.string(),
  /** What a message ping asks: a model, say. */
  pingTarget: v.string(),
  /** The same, where the settings name none. */
  pingDefault: v.string(),
});

/** A login that is gone from the file, and of which a safe copy is kept. */
const signedOut = v.object({ id: v.string(), label: v.string(), erasedAt: v.number() });

/** What could be put back at a login; `fingerprint` says which pair was shown when a person said yes. */
const rescuable = v.object({
  id: v.string(),
  why: v.picklist(LOST_HOW),
  since: v.nullable(v.number()),
  fingerprint: v.string(),
  seenAt: v.number(),
  obstacle: v.nullable(v.picklist(RESCUE_OBSTACLES)),
});

/**
 * What the window shows: the keeper's snapshot, and what only the app itself knows. The window keeps nothing of its own
 * but what is open, so all of this comes from the main process. Like the snapshot it has no field for a secret.
 */
export const viewSchema = v.object({
  /** Null until the keeper has looked at the file for the first time. */
  snapshot: v.nullable(snapshotSchema),
  /** A viewer shows what another process keeps alive. */
  role: v.variant("name", [
    v.object({ name: v.literal("starting") }),
    v.object({ name: v.literal("keeper") }),
    v.object({ name: v.literal("viewer"), keeperPid: v.nullable(v.number()) }),
  ]),
  /** Why the keeper cannot work at all, as one sentence with its next step; null = it can. */
  problem: v.nullable(v.string()),
  /**
   * What is wrong with the settings file, as such a sentence, and whether it helps to set the file aside; null = nothing. While
   * there is no `problem`, the last good settings go on.
   */
  settingsProblem: v.nullable(v.object({ sentence: v.string(), maySetAside: v.boolean() })),
  /** Tokens that message pings used since midnight UTC, by login id. */
  tokensToday: byId(v.number()),
  /** Asked of the disk while the window is open, and stale while it is not. */
  signedOut: v.array(signedOut),
  rescuables: v.array(rescuable),
  /** Logins on which a command is at work right now, by id; `ALL` = all. Asked through `isBusy`. */
  busy: v.array(v.string()),
  /** What came of the last command on each login, one sentence; under `ALL` of those that concern all, or the app. */
  answers: byId(answer),
  /** The notice about pings, until one kind of them is chosen; since when it has been on the screen (ms), null = not yet. */
  notice: v.nullable(v.object({ shownAt: v.nullable(v.number()) })),
  /** Are pings of all logins paused, and until when (ms; null = until resumed)? */
  allPaused: v.nullable(v.object({ until: v.nullable(v.number()) })),
  /** How logins are pinged, and what of this run decides that instead of the settings; null = not known yet. */
  pings: v.nullable(
    v.object({
      mode: v.picklist(PING_MODES),
      dailyTokens: v.number(),
      lockedBy: v.nullable(v.picklist(["flag", "env"])),
    }),
  ),
  schedule: v.picklist(SCHEDULES),
  /** Labels that the user gave, by login id. */
  names: byId(v.string()),
  /** Of what a notification tells, by kind. */
  notifications: v.object(v.entriesFromList(NOTIFICATION_KINDS, v.boolean())),
  startAtLogin: v.object({
    on: v.boolean(),
    /** Why the switch cannot be used here; null = it can. */
    locked: v.nullable(startLockSchema),
  }),
  /** "missing": this desktop shows no tray icons, so the window must never be hidden to nowhere. */
  tray: v.picklist(["waiting", "shown", "missing"]),
  /** The name of the terminal in which a sign-in can be run; null = there is none, or this is a demo. */
  terminal: v.nullable(v.string()),
  /** The login that the window was last opened for, and when (ms); null = for none in particular. */
  shownLogin: v.nullable(v.object({ id: v.string(), at: v.number() })),
  /** Quit was asked for: nothing new starts, and the app ends when what is under way is safe. */
  ending: v.boolean(),
  /** A demo shows made-up logins of a provider on this machine. */
  demo: v.boolean(),
  version: v.string(),
  stateDir: v.string(),
  settingsFile: v.string(),
  logFile: v.string(),
  /** Those that we have an adapter for; empty until they are known. */
  providers: v.array(provider),
});

/** What came of a command, in one sentence; `at` in ms. */
export type Answer = v.InferOutput<typeof answer>;
export type View = v.InferOutput<typeof viewSchema>;
