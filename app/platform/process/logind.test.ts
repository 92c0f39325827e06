import { once } from "node:events";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Clock } from "../../ports/clock.ts";
import { gone, lives, SOON, standIns } from "../testing/programs.ts";
import { standingClock } from "../testing/support.ts";
import { LISTENERS, listenToLogind, wordsIn } from "./logind.ts";

const GDBUS = `Monitoring signals on object /org/freedesktop/login1 owned by org.freedesktop.login1
The name org.freedesktop.login1 is owned by :1.0
/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (true,)
/org/freedesktop/login1: org.freedesktop.login1.Manager.SessionNew ('true', objectpath '/org/x')
/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (false,)
/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForShutdown (true,)
/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForShutdownWithMetadata (true, {'type': <'reboot'>})
`;
const HEADER = "signal time=1 sender=:1.0 -> destination=(null destination) serial=3 path=/org/freedesktop/login1;";
const DBUS_MONITOR = `signal time=1 sender=org.freedesktop.DBus -> destination=:1.8 serial=2; member=NameAcquired
   string ":1.8"
${HEADER} interface=org.freedesktop.login1.Manager; member=PrepareForSleep
   boolean true
${HEADER} interface=org.freedesktop.login1.Manager; member=PrepareForSleep
   boolean false
${HEADER} interface=org.freedesktop.login1.Manager; member=PrepareForShutdown
   boolean true
`;
const PRINTED = { gdbus: GDBUS, "dbus-monitor": DBUS_MONITOR } as const;

describe("logind's words", () => {
  it.each(Object.entries(PRINTED))("are read as %s prints them, wherever its output is cut", (_name, printed) => {
    for (let cut = 0; cut <= printed.length; cut += 1) {
      const first = wordsIn(printed.slice(0, cut));
      const second = wordsIn(first.rest + printed.slice(cut));
      expect([...first.words, ...second.words]).toEqual([true, false, true]);
    }
  });

  it("take no room while nothing is said of sleep", () => {
    expect(wordsIn("x".repeat(100_000)).rest.length).toBeLessThan(2_000);
  });
});

/** A system whose programs are stand-ins, apart from setpriv. */
async function bench(
  programs: Partial<Record<"gdbus" | "dbus-monitor", string>>,
  { setpriv = true, clock = standingClock() }: { readonly setpriv?: boolean; readonly clock?: Clock } = {},
) {
  const { bin, record, install, lines } = await standIns();
  if (setpriv) await symlink("/usr/bin/setpriv", join(bin, "setpriv"));
  for (const [name, text] of Object.entries(programs)) await install(name, `echo "$0|$$|$*" >> "$RECORD"\n${text}`);
  const heard: boolean[] = [];
  const logged: string[] = [];
  const note = (msg: string) => void logged.push(msg);
  const env = { PATH: bin, RECORD: record };
  const stop = listenToLogind({ env, clock, log: { debug: note, info: note }, onWord: (word) => heard.push(word) });
  onTestFinished(stop);
  const started = async (count: number) => {
    await expect.poll(lines, SOON).toHaveLength(count);
    return (await lines()).map((line) => line.split("|"));
  };
  return { heard, logged, stop, started };
}

const print = (text: string) => `printf '%s' '${text.replaceAll("'", `'"'"'`)}'`;
const STAYS = "exec /bin/sleep 600";

describe("listening to logind", { timeout: SOON.timeout }, () => {
  it.each(LISTENERS.map(({ file }) => file))("passes on what %s prints, and ends it at the stop", async (file) => {
    const name = file === "gdbus" ? "gdbus" : "dbus-monitor";
    const { heard, logged, stop, started } = await bench({ [name]: `${print(PRINTED[name])}; ${STAYS}` });
    await expect.poll(() => heard, SOON).toEqual([true, false, true]);
    expect(logged[0]).toBe("listening for sleep and shutdown");
    const pid = Number((await started(1))[0]?.[1]);
    expect(lives(pid)).toBe(true);
    stop();
    await gone(pid);
  });

  it("goes on without where there is no program for it", async () => {
    const none = "nothing here tells that the system is about to sleep";
    const { logged } = await bench({});
    await expect.poll(() => logged, SOON).toEqual([none]);
    const other = await bench({ gdbus: STAYS }, { setpriv: false });
    await expect.poll(() => other.logged, SOON).toEqual([none]);
  });

  it.each([
    ["less and less often where there is no bus", 0, [1_000, 2_000, 4_000, 8_000]],
    ["soon where one was there for long", 60_000, [1_000, 1_000, 1_000, 1_000]],
  ] as const)("begins again when its program ended, %s", async (_when, lived, waits) => {
    const slept: number[] = [];
    let now = 0;
    const clock: Clock = {
      now: () => now,
      monotonic: () => {
        now += lived;
        return now;
      },
      sleep: async (ms, signal) => {
        slept.push(ms);
        if (slept.length === waits.length && signal !== undefined) await once(signal, "abort");
      },
    };
    const { started, heard } = await bench({ gdbus: `${print("no bus")}; exit 1` }, { clock });
    await expect.poll(() => slept, SOON).toEqual(waits);
    expect(await started(waits.length)).toHaveLength(waits.length);
    expect(heard).toEqual([]);
  });
});
