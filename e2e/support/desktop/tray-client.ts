import { execFile } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as v from "valibot";
import { exists } from "../files.ts";
import type { Environment, startOwn } from "./process.ts";

const run = promisify(execFile);
const HELPER = fileURLToPath(new URL("./tray-client.py", import.meta.url));
const WITHIN_MS = 40_000;

const itemSchema = v.object({
  /** Its connection on the bus. */
  service: v.string(),
  path: v.string(),
  id: v.string(),
  title: v.string(),
  status: v.string(),
  tooltip: v.object({ title: v.string(), text: v.string() }),
  /** A name of the theme, or the path of a file. */
  iconName: v.string(),
  pixmaps: v.array(v.object({ width: v.number(), height: v.number(), hash: v.string() })),
  /** Changes when the picture does, however it is passed on. */
  iconHash: v.string(),
  menuPath: v.string(),
});
export type SeenItem = v.InferOutput<typeof itemSchema>;

/** A line of a menu, as the bus tells it. */
export interface SeenEntry {
  readonly id: number;
  /** Without mnemonics. */
  readonly label: string;
  readonly enabled: boolean;
  readonly visible: boolean;
  readonly type: string;
  /** "checkmark", "radio", or null where there is nothing to toggle. */
  readonly toggleType: string | null;
  /** 1 = on, 0 = off. */
  readonly toggleState: number | null;
  readonly children: readonly SeenEntry[];
}
const entrySchema: v.GenericSchema<unknown, SeenEntry> = v.object({
  id: v.number(),
  label: v.string(),
  enabled: v.boolean(),
  visible: v.boolean(),
  type: v.string(),
  toggleType: v.nullable(v.string()),
  toggleState: v.nullable(v.number()),
  children: v.array(v.lazy(() => entrySchema)),
});
const layoutSchema = v.object({ revision: v.number(), entries: v.array(entrySchema) });
const messageSchema = v.union([
  v.object({ event: v.string() }),
  v.object({ id: v.number(), value: v.unknown() }),
  v.object({ id: v.number(), error: v.string() }),
]);

/** A whole label, or a pattern in it. */
export type LabelPattern = string | RegExp;

export interface TrayClient {
  nameIsOwned(name: string): Promise<boolean>;
  /** Is there something that shows icons? */
  hostRegistered(): Promise<boolean>;
  items(): Promise<readonly SeenItem[]>;
  /** The one item there is; waits for it. @throws when there are several. */
  item(): Promise<SeenItem>;
  /** The menu of that item. */
  menu(): Promise<readonly SeenEntry[]>;
  /** The entry at a path of labels, or null. */
  entry(...path: readonly LabelPattern[]): Promise<SeenEntry | null>;
  /** Waits until an entry that can be clicked stands there, and clicks it. */
  click(...path: readonly LabelPattern[]): Promise<void>;
  /** A click on the icon itself. */
  activate(): Promise<void>;
  /**
   * Asks again at each signal of items and menus until `check` gives something else than null, undefined or false.
   * @throws with `what` after `withinMs`.
   */
  until<T>(what: string, check: () => Promise<T>, withinMs?: number): Promise<NonNullable<Exclude<T, false>>>;
  /** Waits until `check` is content with the menu. @throws with the menu as it was last. */
  menuShows(what: string, check: (menu: readonly SeenEntry[]) => boolean, withinMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a program in the session of `env` that sees its tray. */
export async function connectTrayClient(own: typeof startOwn, env: Environment): Promise<TrayClient> {
  const helper = await own(await findPython(), [HELPER], env, { input: true });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const wakers = new Set<() => void>();
  let count = 0;
  const ready = new Promise<void>((resolve) => wakers.add(resolve));
  createInterface({ input: helper.output }).on("line", (line) => {
    const message = v.parse(messageSchema, JSON.parse(line));
    if ("event" in message) {
      for (const wake of wakers) wake();
      return;
    }
    const request = waiting.get(message.id);
    waiting.delete(message.id);
    if ("error" in message) request?.reject(new Error(message.error));
    else request?.resolve(message.value);
  });
  const gone = new Promise<never>((_resolve, reject) => {
    helper.child.once("exit", () =>
      reject(new Error(`the tray client ended; it said: ${helper.stderr() || "nothing"}`)),
    );
  });
  gone.catch(() => undefined);
  await Promise.race([ready, gone]);
  wakers.clear();

  const ask = async <T>(schema: v.GenericSchema<unknown, T>, what: string, ...args: readonly unknown[]): Promise<T> => {
    count += 1;
    const id = count;
    const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
    helper.child.stdin?.write(`${JSON.stringify({ id, do: what, args })}\n`);
    return v.parse(schema, await Promise.race([answer, gone]));
  };

  const until: TrayClient["until"] = async (what, check, withinMs = WITHIN_MS) => {
    const end = Date.now() + withinMs;
    for (;;) {
      // Listening from before the look, so that no change falls in between.
      const changed = nextChange(wakers);
      try {
        const value = await check();
        if (value !== null && value !== undefined && value !== false) return value as never;
        if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
        await changed.happened;
      } finally {
        changed.stop();
      }
    }
  };

  const items = (): Promise<readonly SeenItem[]> => ask(v.array(itemSchema), "items");
  const item = async (): Promise<SeenItem> => {
    const found = await until("a tray item appears", async () => {
      const all = await items();
      return all.length > 0 && all;
    });
    const [first] = found;
    if (first === undefined || found.length > 1) throw new Error(`there are ${found.length} tray items`);
    return first;
  };
  const layout = async (of: SeenItem) => (await ask(layoutSchema, "layout", of.service, of.menuPath)).entries;
  const menu = async (): Promise<readonly SeenEntry[]> => layout(await item());

  return {
    nameIsOwned: (name) => ask(v.boolean(), "hasName", name),
    hostRegistered: () => ask(v.boolean(), "hostRegistered"),
    items,
    item,
    menu,
    entry: async (...path) => find(await menu(), path)?.entry ?? null,
    async click(...path) {
      let seen: readonly SeenEntry[] = [];
      await until(`there is ${path.join(" > ")} to click`, async () => {
        const { service, menuPath, ...rest } = await item();
        seen = await layout({ service, menuPath, ...rest });
        const found = find(seen, path);
        if (found?.entry.enabled !== true) return false;
        // A menu that gave way to another one in between knows its old entries no more: nothing was clicked.
        return ask(v.null(), "click", service, menuPath, found.entry.id, found.above).then(
          () => true,
          (error: unknown) => {
            if (String(error).includes("error occurred in Event")) return false;
            throw error;
          },
        );
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}; the menu:\n${drawn(seen)}`);
      });
    },
    async activate() {
      const { service, path } = await item();
      await ask(v.null(), "activate", service, path);
    },
    until,
    async menuShows(what, check, withinMs) {
      let seen: readonly SeenEntry[] = [];
      const look = async (): Promise<boolean> => {
        seen = await menu();
        return check(seen);
      };
      await until(what, look, withinMs).catch((error: unknown) => {
        throw new Error(`${String(error)}; the menu:\n${drawn(seen)}`);
      });
    },
    close: () => helper.end(),
  };
}

/** @returns the menu as text, one line an entry. */
export function drawn(menu: readonly SeenEntry[], indent = ""): string {
  return menu
    .filter(({ visible }) => visible)
    .map(({ label, type, enabled, toggleState, children }) => {
      const box = toggleState === null ? "" : toggleState === 1 ? "[x] " : "[ ] ";
      const line = type === "separator" ? "----" : `${box}${label}${enabled ? "" : " (off)"}`;
      return [`${indent}${line}`, ...(children.length === 0 ? [] : [drawn(children, `${indent}  `)])].join("\n");
    })
    .join("\n");
}

function find(
  menu: readonly SeenEntry[],
  path: readonly LabelPattern[],
): { readonly entry: SeenEntry; readonly above: readonly number[] } | null {
  const above = [0];
  let level = menu;
  let entry: SeenEntry | undefined;
  for (const [at, wanted] of path.entries()) {
    entry = level.find(
      ({ label, visible }) => visible && (typeof wanted === "string" ? label === wanted : wanted.test(label)),
    );
    if (entry === undefined) return null;
    if (at < path.length - 1) above.push(entry.id);
    level = entry.children;
  }
  return entry === undefined ? null : { entry, above };
}

/** A signal may have come before we listened, or be none of those that are passed on: so never longer than this. */
const LONGEST_MS = 300;

function nextChange(wakers: Set<() => void>): { readonly happened: Promise<void>; stop(): void } {
  let stop: () => void = () => undefined;
  const happened = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LONGEST_MS);
    wakers.add(resolve);
    stop = () => {
      clearTimeout(timer);
      wakers.delete(resolve);
    };
  });
  return { happened, stop: () => stop() };
}

/** @returns a Python with D-Bus and GLib: the system's, since Debian's modules are only there. @throws with the package. */
export async function findPython(): Promise<string> {
  for (const python of ["/usr/bin/python3", "python3"]) {
    if (python.startsWith("/") && !(await exists(python))) continue;
    const found = await run(python, ["-c", "import dbus, gi, dbusmock"]).then(
      () => true,
      () => false,
    );
    if (found) return python;
  }
  throw new Error("no Python with D-Bus is there: apt-get install python3-dbusmock");
}
