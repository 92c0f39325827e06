/** The built window in a Chromium, with a bridge that is derived from the contract and writes down what is asked of it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright";
import * as v from "valibot";
import { build } from "vite";
import {
  BRIDGE_NAME,
  type CallName,
  CONTRACT,
  callNames,
  eventNames,
  type Given,
  type Reply,
  type Taken,
} from "../../../app/shared/view/contract.ts";
import type { Story } from "../../../app/shared/view/story.ts";
import type { View } from "../../../app/shared/view/view.ts";
import { NOON } from "./views.ts";

/** The window as it is shipped, in a folder of its own. */
export interface BuiltWindow {
  readonly folder: string;
  remove(): Promise<void>;
}

/** Builds it with the project's own configuration, away from `out/`, which others may be building at the same time. */
export async function buildWindow(): Promise<BuiltWindow> {
  const folder = await mkdtemp(join(tmpdir(), "pilot-light-window-"));
  await build({
    configFile: fileURLToPath(new URL("../../../vite.config.ts", import.meta.url)),
    mode: "renderer",
    logLevel: "error",
    build: { outDir: folder },
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** One call that the window made; the arguments are in the contract's shape. */
export type Recorded = { readonly [K in CallName]: readonly [name: K, ...args: Taken<K>] }[CallName];

export interface OpenOptions {
  readonly view: View;
  /** What became of each login; default: nothing. */
  readonly story?: Story;
  readonly context?: BrowserContextOptions;
  /** What is answered instead of "done"; a promise that stays open is an answer under way. */
  readonly replies?: { readonly [K in CallName]?: () => Reply<Given<K>> | Promise<Reply<Given<K>>> };
  /** Runs in front of the page's own script; the page's CSP does not hold it up. */
  readonly script?: string;
  /** "noon" (the default): the time stands still there, timers run. "ours": it starts at noon, and `page.clock` has it. */
  readonly clock?: "noon" | "ours";
}

export interface OpenWindow {
  readonly page: Page;
  /** All but `getView`, `loginStory` and `contentHeight`, in order. */
  readonly calls: readonly Recorded[];
  /** The heights that the page said it needs. */
  readonly heights: readonly number[];
  /** All that went wrong in the page: errors, CSP violations, warnings. */
  readonly complaints: readonly string[];
  /** Everything that the page tried to load. */
  readonly requests: readonly string[];
  /** Main has a new view. @throws when it is not in the contract's shape. */
  push(view: View): Promise<void>;
  close(): Promise<void>;
}

/** As if the window were hidden, or shown again: a script to run in the page, in front of its own or later. */
export function seen(state: "hidden" | "visible"): string {
  return `Object.defineProperty(document, "visibilityState", { value: "${state}", configurable: true });
   document.dispatchEvent(new Event("visibilitychange"));`;
}

const NO_STORY: Story = { summary: null, lines: [], older: false, generations: [], spans: [], marks: [] };
const CALL = "pilotLightTestCall";
const LISTENERS = "pilotLightTestListeners";

export async function openWindow(browser: Browser, window: BuiltWindow, options: OpenOptions): Promise<OpenWindow> {
  const context = await browser.newContext({ viewport: { width: 560, height: 640 }, ...options.context });
  const page = await context.newPage();
  const calls: Recorded[] = [];
  const heights: number[] = [];
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("request", (request) => requests.push(request.url()));

  let view = v.parse(CONTRACT.getView.gives, options.view);
  await page.exposeFunction(CALL, async (name: CallName, args: readonly unknown[]) => {
    const taken = v.safeParse(CONTRACT[name].takes, args);
    if (!taken.success) {
      complaints.push(`${name} was called with ${JSON.stringify(args)}`);
      return { ok: false, sentence: "out of shape" };
    }
    if (name === "contentHeight") heights.push(Number(taken.output[0]));
    else if (name !== "getView" && name !== "loginStory") calls.push([name, ...taken.output] as Recorded);
    const reply = options.replies?.[name];
    if (reply !== undefined) return reply();
    if (name === "loginStory") return { ok: true, value: options.story ?? NO_STORY };
    return { ok: true, value: name === "getView" ? view : undefined };
  });
  await page.addInitScript(bridgeStub, {
    bridge: BRIDGE_NAME,
    call: CALL,
    listeners: LISTENERS,
    calls: callNames(),
    events: eventNames(),
  });
  if (options.script !== undefined) await page.addInitScript({ content: options.script });
  if (options.clock === "ours") await page.clock.install({ time: NOON });
  else await page.clock.setFixedTime(NOON);
  await page.goto(pathToFileURL(join(window.folder, "index.html")).href);

  return {
    page,
    calls,
    heights,
    complaints,
    requests,
    async push(next) {
      view = v.parse(CONTRACT.view.carries, next);
      await page.evaluate(tell, { listeners: LISTENERS, event: "view" as const, payload: view });
    },
    close: () => context.close(),
  };
}

interface Names {
  readonly bridge: string;
  readonly call: string;
  readonly listeners: string;
  readonly calls: readonly string[];
  readonly events: readonly string[];
}

/** Runs in the page, where nothing of this file but its argument is known. */
function bridgeStub(names: Names): void {
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const call =
    (name: string) =>
    (...args: readonly unknown[]) => {
      const carry: (name: string, args: readonly unknown[]) => Promise<unknown> = Reflect.get(globalThis, names.call);
      return carry(name, args);
    };
  const event = (name: string) => (listener: (payload: unknown) => void) => {
    const those = listeners.get(name) ?? new Set();
    listeners.set(name, those.add(listener));
    return () => {
      those.delete(listener);
    };
  };
  const bridge = Object.fromEntries([
    ...names.calls.map((name) => [name, call(name)]),
    ...names.events.map((name) => [name, event(name)]),
  ]);
  Object.defineProperty(globalThis, names.bridge, { value: Object.freeze(bridge) });
  Object.defineProperty(globalThis, names.listeners, { value: listeners });
}

/** Runs in the page, too. */
function tell({ listeners, event, payload }: { listeners: string; event: string; payload: unknown }): void {
  const all: ReadonlyMap<string, ReadonlySet<(payload: unknown) => void>> = Reflect.get(globalThis, listeners);
  for (const listener of all.get(event) ?? []) listener(payload);
}
