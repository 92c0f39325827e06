import * as v from "valibot";
import { PLACE_ACTS, PLACES } from "./places.ts";
import { settingsChangeSchema } from "./settings-change.ts";
import { viewSchema } from "./view.ts";

/**
 * What the window and the main process say to each other: the one place. Main's handlers, the bridge in the preload and the
 * stub of the tests are all derived from this object, so none of them can forget a line or add one.
 *
 * A call goes from the window to main and has an answer; an event comes from main. Every payload has a schema: main checks
 * what it takes, and sends nothing that the schema does not name. What came of a command stands in the view, as its effects do.
 */
export const CONTRACT = {
  /** The view as it is now; asked once, when the window opens. */
  getView: call(v.strictTuple([]), viewSchema),
  /** The view after each change. */
  view: event(viewSchema),

  refresh: call(v.strictTuple([loginId()]), v.void()),
  refreshAll: call(v.strictTuple([]), v.void()),
  ping: call(v.strictTuple([loginId()]), v.void()),
  /** Pauses pings of one login, or of all (null), for so many ms, or until resumed (null). */
  pausePings: call(v.strictTuple([v.nullable(loginId()), v.nullable(pauseLength())]), v.void()),
  resumePings: call(v.strictTuple([v.nullable(loginId())]), v.void()),
  allow: call(v.strictTuple([loginId()]), v.void()),
  disallow: call(v.strictTuple([loginId()]), v.void()),
  /** Erases the safe copy of a login that was signed out. */
  forget: call(v.strictTuple([loginId()]), v.void()),
  /** Puts back what was offered for a login: the pair with this fingerprint, and no other. */
  rescue: call(v.strictTuple([loginId(), fingerprint()]), v.void()),

  setStartAtLogin: call(v.strictTuple([v.boolean()]), v.void()),
  /** Opens the user's terminal with the command that signs in again; by provider, since a page may not choose what is run. */
  signIn: call(v.strictTuple([providerId()]), v.void()),
  /** Puts the command that signs in again into the clipboard; by provider, since a page may not choose what is copied. */
  copySignInHint: call(v.strictTuple([providerId()]), v.void()),
  /** The first-run notice is on the screen: message pings may leave a minute later. */
  noticeShown: call(v.strictTuple([]), v.void()),

  /** Changes one key of the settings file; the view then shows what counts. */
  changeSettings: call(v.strictTuple([settingsChangeSchema]), v.void()),
  /** Renames a settings file that cannot be used, beside itself, and starts from the defaults. */
  setSettingsAside: call(v.strictTuple([]), v.void()),
  /** Opens a place, shows it in its folder, or copies its path. */
  usePlace: call(v.strictTuple([v.picklist(PLACES), v.picklist(PLACE_ACTS)]), v.void()),

  /** Opens the demo as a second, separate app. */
  openDemo: call(v.strictTuple([]), v.void()),
  /** The height (px) at which the window shows all that there is; told until a person touches the window. */
  contentHeight: call(v.strictTuple([v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000))]), v.void()),
  quit: call(v.strictTuple([]), v.void()),
} as const;

export type Contract = typeof CONTRACT;

// ---- what a line of the contract is ----------------------------------------------------------------------------------

type Arguments = v.GenericSchema<unknown, readonly unknown[]>;

export interface Call<Takes extends Arguments, Gives extends v.GenericSchema> {
  readonly kind: "call";
  readonly takes: Takes;
  readonly gives: Gives;
}
export interface Event<Carries extends v.GenericSchema> {
  readonly kind: "event";
  readonly carries: Carries;
}

function call<const Takes extends Arguments, const Gives extends v.GenericSchema>(
  takes: Takes,
  gives: Gives,
): Call<Takes, Gives> {
  return { kind: "call", takes, gives };
}

function event<const Carries extends v.GenericSchema>(carries: Carries): Event<Carries> {
  return { kind: "event", carries };
}

function loginId() {
  return v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));
}

/** A provider as the file names it; `ALL` for what serves any other. */
function providerId() {
  return v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));
}

function fingerprint() {
  return v.pipe(v.string(), v.minLength(1), v.maxLength(100));
}

function pauseLength() {
  const YEAR_MS = 365 * 86_400_000;
  return v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(YEAR_MS));
}

// ---- the two ends ----------------------------------------------------------------------------------------------------

export type CallName = { [K in keyof Contract]: Contract[K]["kind"] extends "call" ? K : never }[keyof Contract];
export type EventName = Exclude<keyof Contract, CallName>;
export type Taken<K extends CallName> = v.InferOutput<Contract[K]["takes"]>;
export type Given<K extends CallName> = v.InferOutput<Contract[K]["gives"]>;
export type Carried<K extends EventName> = v.InferOutput<Contract[K]["carries"]>;

/** How an answer crosses: Electron would drop all but the message of an error (electron/electron#24427). */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  /** One plain sentence with a next step. */
  | { readonly ok: false; readonly sentence: string };

/** Main's end of every call. A handler that throws a `UserError` answers with its sentence. */
export type Handlers = { readonly [K in CallName]: (...args: Taken<K>) => Given<K> | Promise<Given<K>> };

/** The window's end: one function for each line. An event's takes a listener and returns the end of listening. */
export type Bridge = {
  readonly [K in CallName]: (...args: Taken<K>) => Promise<Reply<Given<K>>>;
} & {
  readonly [K in EventName]: (listener: (payload: Carried<K>) => void) => () => void;
};

/** Under this name the bridge stands in the window. */
export const BRIDGE_NAME = "pilotLight";

/** @returns the channel of a line of the contract. */
export function channelOf(name: keyof Contract): string {
  return `${BRIDGE_NAME}:${name}`;
}

/** @returns the names of all calls. */
export function callNames(): readonly CallName[] {
  return lineNames().filter((name): name is CallName => CONTRACT[name].kind === "call");
}

/** @returns the names of all events. */
export function eventNames(): readonly EventName[] {
  return lineNames().filter((name): name is EventName => CONTRACT[name].kind === "event");
}

function lineNames(): readonly (keyof Contract)[] {
  return Object.keys(CONTRACT).filter((name): name is keyof Contract => Object.hasOwn(CONTRACT, name));
}
