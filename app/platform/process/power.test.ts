import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type LogFields } from "../../ports/log.ts";
import { gone, lives, SOON, standIns } from "../testing/programs.ts";
import { standingClock } from "../testing/support.ts";
import { createPower, type PowerDeps } from "./power.ts";

const SYSTEM = "/usr/bin:/bin";

/** What a stand-in for systemd-inhibit does, once it has written down its words and its pid. */
const BEHAVES = {
  /** As the real one: the command runs while the lock is held. */
  well: `while [ "\${1#-}" != "$1" ]; do shift; done; "$@"; echo "ended" >> "$RECORD"`,
  refuses: `echo "Failed to inhibit: Access denied" >&2; exit 1`,
  neverEchoes: `exec sleep 600`,
  deaf: `head -c 1; exec sleep 600`,
  diesInTheMiddle: `head -c 1; echo "ended" >> "$RECORD"; exit 1`,
} as const;

/** A power of Linux whose system program is a stand-in, or missing. */
async function bench(
  behaves: keyof typeof BEHAVES | "missing",
  more: Partial<PowerDeps> = {},
  program = "systemd-inhibit",
) {
  const { bin, record, lines, ...put } = await standIns();
  const seen = `printf 'began' >> "$RECORD"; printf '|%s' "$@" "$$" >> "$RECORD"; echo >> "$RECORD"`;
  const install = (as: keyof typeof BEHAVES): Promise<void> => put.install(program, `${seen}\n${BEHAVES[as]}`);
  if (behaves !== "missing") await install(behaves);
  const logged: (LogFields | undefined)[] = [];
  const power = createPower({
    leaving: () => false,
    platform: "linux",
    env: { PATH: behaves === "missing" ? bin : `${bin}:${SYSTEM}`, RECORD: record },
    // It stands still: no stand-in is too slow, however busy the machine.
    clock: standingClock(),
    log: { debug: (_msg, fields) => logged.push(fields) },
    ...more,
  });
  const recorded = async (line: RegExp) => {
    await expect.poll(lines, SOON).toContainEqual(expect.stringMatching(line));
    return (await lines()).find((each) => line.test(each)) ?? "";
  };
  const pid = async () => Number((await recorded(/^began/)).split("|").at(-1));
  return { power, install, logged, lines, recorded, pid };
}

describe("holding Linux off its sleep", { timeout: SOON.timeout }, () => {
  it("asks logind by the one program that can hold its lock, until it is let go", async () => {
    const { power, lines, recorded, logged } = await bench("well");
    const release = await power.hold();
    const words = ["--what=sleep:shutdown", "--mode=delay", "--who=Pilot Light", "--why=Saving a renewed login", "cat"];
    expect((await lines()).map((line) => line.split("|").slice(0, -1))).toEqual([["began", ...words]]);
    release();
    await recorded(/^ended$/);
    expect(() => release()).not.toThrow();
    expect(logged).toEqual([]);
  });

  it("ends one that does not end with its input", async () => {
    const clock = standingClock();
    const { power, pid } = await bench("deaf", { clock });
    (await power.hold())();
    const started = await pid();
    expect(lives(started)).toBe(true);
    clock.advance(1_000);
    await gone(started);
  });

  it("is out of reach of the terminal, whose Ctrl+C asks us to finish first", async () => {
    const { power, pid } = await bench("well");
    const release = await power.hold();
    const groupOf = async (id: number) => (await readFile(`/proc/${id}/stat`, "utf8")).split(") ")[1]?.split(" ")[2];
    expect(await groupOf(await pid())).not.toBe(await groupOf(process.pid));
    release();
  });

  it("goes on without where the program is missing, and does not look for it again", async () => {
    const { power, install, lines, logged } = await bench("missing");
    (await power.hold())();
    await install("well");
    (await power.hold())();
    expect(await lines()).toEqual([]);
    expect(logged).toEqual([{ why: "systemd-inhibit: missing" }]);
  });

  it("goes on without where it is refused, says so once, and asks again the next time", async () => {
    const { power, lines, logged } = await bench("refuses");
    (await power.hold())();
    (await power.hold())();
    expect(await lines()).toHaveLength(2);
    expect(logged).toEqual([{ why: "systemd-inhibit: refused" }]);
  });

  it("waits a second for one that never answers, and ends it with the exchange", async () => {
    const clock = standingClock();
    const { power, pid, logged } = await bench("neverEchoes", { clock });
    let resolved = false;
    const holding = power.hold().finally(() => {
      resolved = true;
    });
    const started = await pid();
    clock.advance(900);
    await new Promise((resolve) => setImmediate(resolve));
    expect(resolved).toBe(false);
    clock.advance(100);
    const release = await holding;
    expect(lives(started)).toBe(true);
    release();
    await gone(started);
    expect(logged).toEqual([{ why: "systemd-inhibit: slow" }]);
  });

  it("is not disturbed by one that dies in the middle", async () => {
    const { power, recorded } = await bench("diesInTheMiddle");
    const release = await power.hold();
    await recorded(/^ended$/);
    expect(() => release()).not.toThrow();
  });

  it("lets go by itself after two minutes, whatever hangs", async () => {
    const clock = standingClock();
    const { power, recorded, lines } = await bench("well", { clock });
    await power.hold();
    clock.advance(119_999);
    expect(await lines()).toHaveLength(1);
    clock.advance(1);
    await recorded(/^ended$/);
  });
});

describe("holding another system off its sleep", { timeout: SOON.timeout }, () => {
  const blocker = () => {
    const seen: string[] = [];
    const block = () => {
      seen.push("begun");
      return () => void seen.push("ended");
    };
    return { seen, block };
  };

  it.each(["win32", "darwin"] as const)("is Electron's affair in the app: %s", async (platform) => {
    const { seen, block } = blocker();
    const { power } = await bench("well", { platform, block });
    const release = await power.hold();
    expect(seen).toEqual(["begun"]);
    release();
    release();
    expect(seen).toEqual(["begun", "ended"]);
  });

  it("is the affair of caffeinate in the command line of macOS", async () => {
    const { power, lines, recorded } = await bench("well", { platform: "darwin" }, "caffeinate");
    const release = await power.hold();
    expect((await lines())[0]).toMatch(/^began\|-i\|cat\|\d+$/);
    release();
    await recorded(/^ended$/);
  });

  it("is not left to Electron on Linux, where it would hold off idleness alone", async () => {
    const { seen, block } = blocker();
    const { power, lines } = await bench("well", { block });
    (await power.hold())();
    expect(seen).toEqual([]);
    expect((await lines())[0]).toMatch(/^began\|/);
  });

  it("goes on without where Electron cannot, or where there is no way", async () => {
    const refuses = () => {
      throw new Error("no");
    };
    const { power, logged } = await bench("missing", { platform: "win32", block: refuses });
    expect(() => power.hold().then((release) => release())).not.toThrow();
    (await power.hold())();
    expect(logged).toEqual([{ why: "refused" }]);
    (await (await bench("missing", { platform: "win32" })).power.hold())();
  });
});
