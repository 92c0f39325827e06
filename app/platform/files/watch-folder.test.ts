import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { bundleChild, temporaryFolder } from "../testing/support.ts";
import { type WatchOptions, watchFolder } from "./watch-folder.ts";

/** With the slow look out of the way, only the system's events are left; and the other way round. */
const EVENTS: WatchOptions = { pollMs: 3_600_000, events: true };
const LOOKS: WatchOptions = { pollMs: 20, events: false };

/** @returns a wait for the next call that comes after `action`. */
function watching(path: string, options: WatchOptions) {
  let calls = 0;
  let wake: () => void = () => undefined;
  const stop = watchFolder(
    path,
    () => {
      calls += 1;
      wake();
    },
    options,
  );
  onTestFinished(stop);
  return {
    stop,
    calls: () => calls,
    after: async (action: () => void) => {
      const next = new Promise<void>((resolve) => {
        wake = resolve;
      });
      action();
      await next;
    },
  };
}

describe.each([
  ["the system's events", EVENTS],
  ["the slow look alone", LOOKS],
])("a watched folder, by %s", (_, options) => {
  it("tells files that come, change in place, are renamed and go", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "auth.json");
    const watch = watching(folder, options);
    await watch.after(() => writeFileSync(file, "1"));
    await watch.after(() => writeFileSync(file, "22"));
    await watch.after(() => utimesSync(file, 1, 1));
    await watch.after(() => renameSync(file, `${file}.new`));
    await watch.after(() => rmSync(`${file}.new`));
  });

  it("may be missing, come, go and come again, many times", async () => {
    const top = temporaryFolder();
    const folder = join(top, "share", "opencode");
    const watch = watching(folder, options);
    for (let round = 0; round < 5; round += 1) {
      await watch.after(() => mkdirSync(folder, { recursive: true }));
      await watch.after(() => writeFileSync(join(folder, "auth.json"), String(round)));
      await watch.after(() => writeFileSync(join(folder, "auth.json"), `${round} again`));
      await watch.after(() => rmSync(join(top, "share"), { recursive: true }));
    }
  });

  it("is followed when another takes its place", async () => {
    const folder = join(temporaryFolder(), "a");
    mkdirSync(folder);
    const watch = watching(folder, options);
    for (let round = 0; round < 3; round += 1) {
      await watch.after(() => {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
      });
      await watch.after(() => writeFileSync(join(folder, "auth.json"), "in the new one"));
    }
  });

  it("is quiet after the stop", async () => {
    const folder = temporaryFolder();
    const [stopped, other] = [watching(folder, options), watching(folder, options)];
    stopped.stop();
    await other.after(() => writeFileSync(join(folder, "a"), ""));
    await other.after(() => writeFileSync(join(folder, "b"), ""));
    expect(stopped.calls()).toBe(0);
  });
});

describe("a watch", () => {
  it("calls once for a burst", async () => {
    const folder = temporaryFolder();
    const watch = watching(folder, EVENTS);
    await watch.after(() => {
      for (let n = 0; n < 50; n += 1) writeFileSync(join(folder, String(n)), "x");
    });
    expect(watch.calls()).toBe(1);
  });

  it("survives a move of the folder's parent, which no event tells", async () => {
    const top = temporaryFolder();
    const folder = join(top, "share", "opencode");
    mkdirSync(folder, { recursive: true });
    const watch = watching(folder, { pollMs: 20, events: true });
    await watch.after(() => renameSync(join(top, "share"), join(top, "old")));
    await watch.after(() => mkdirSync(folder, { recursive: true }));
    await watch.after(() => writeFileSync(join(folder, "auth.json"), "x"));
  });

  it("does not keep a process alive", async () => {
    const folder = temporaryFolder();
    const script = await bundleChild(new URL("../testing/watch-child.ts", import.meta.url), folder);
    expect(spawnSync(process.execPath, [script, folder], { timeout: 20_000 }).status).toBe(0);
    expect(spawnSync(process.execPath, [script, join(folder, "missing")], { timeout: 20_000 }).status).toBe(0);
  });
});
