import { describe, expect, it } from "vitest";
import { everywhere, forget, kept, refused, sevenDaysLater, signedOut } from "../benches/forget-bench.ts";
import { DAY, MINUTE, NOTES, startTrace, type Trace } from "../benches/trace-bench.ts";
import { SimError } from "../world/files.ts";

describe("where the folder of the credential file is gone, and so no lock beside it can be made", () => {
  const FOLDER = "/home/me/share/opencode";
  const removeFolder = async (trace: Trace): Promise<void> => {
    for (const name of trace.world.disk.listNow(FOLDER)) trace.world.disk.removeNow(`${FOLDER}/${name}`);
    await trace.world.disk.removeFolder(FOLDER);
  };
  const missing = (trace: Trace): boolean => trace.world.disk.readText(`${FOLDER}/auth.json`) === null;

  it("it is erased all the same, and the folder is not made again", async () => {
    const trace = await signedOut();
    await removeFolder(trace);
    await trace.run(MINUTE);
    expect(await forget(trace)).toEqual({
      id: "anthropic",
      sentence: "Our safe copy of its tokens is erased. It can no longer be put back.",
    });
    expect(everywhere(trace)).not.toContain("SECRET");
    expect(trace.note(trace.world.server.live("login") ?? "")).toHaveProperty("forgottenAt");
    expect(() => trace.world.disk.listNow(FOLDER)).toThrow("ENOENT");
    expect(trace.world.disk.listNow(NOTES).filter((name) => name.includes("erase"))).toEqual([]);
    expect(await forget(trace)).toEqual({ id: "anthropic", sentence: "No safe copy of it is kept any more." });
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("nothing is erased if the folder comes back meanwhile: then somebody may hold the lock there", async () => {
    const trace = await signedOut();
    await removeFolder(trace);
    await trace.run(MINUTE);
    const process = trace.world.start("forget", true);
    trace.world.disk.setGate((op, path) => {
      if (op === "makeFolder" && path.endsWith("erase.lock") && missing(trace)) trace.world.disk.makeFolderNow(FOLDER);
      return undefined;
    });
    const error = await refused(trace.settled(process.engine.then((engine) => engine.forget("anthropic"))));
    expect(error).toMatchObject({ exitCode: 3, message: expect.stringContaining("another process took over") });
    expect(everywhere(trace)).toContain("SECRET");
    trace.world.disk.setGate(null);
    await forget(trace);
    expect(everywhere(trace)).not.toContain("SECRET");
  });

  it.each<[string, (trace: Trace) => Promise<void>]>([
    ["the file", async (trace) => trace.world.disk.removeNow(`${FOLDER}/auth.json`)],
    ["its folder", removeFolder],
  ])("the seventh day comes to a keeper without %s, too", async (_what, remove) => {
    const trace = await signedOut();
    await remove(trace);
    await trace.run(MINUTE);
    expect((await kept(trace)).map(({ id }) => id)).toEqual(["anthropic"]);
    await sevenDaysLater(trace);
    expect(everywhere(trace)).not.toContain("SECRET");
    expect(await kept(trace)).toEqual([]);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("what cannot be erased yet is tried again now and then, and not all the time", async () => {
    const trace = await signedOut();
    const { disk } = trace.world;
    disk.removeNow(`${FOLDER}/auth.json`);
    await trace.run(MINUTE);
    let tries = 0;
    disk.setGate((op, path) => {
      if (!path.includes("/journal/") || (op !== "remove" && op !== "createNew")) return;
      tries += 1;
      throw new SimError("EACCES", op);
    });
    await sevenDaysLater(trace);
    tries = 0;
    await trace.run(10 * MINUTE);
    expect(tries).toBeGreaterThan(5);
    expect(tries).toBeLessThan(60);
    disk.setGate(null);
    await trace.run(MINUTE);
    expect(everywhere(trace)).not.toContain("SECRET");
  });

  it("and to a single pass", async () => {
    const trace = startTrace();
    const once = () => trace.command((engine) => engine.runOnce({ onEvent: () => undefined }));
    await once();
    trace.change("anthropic", null);
    await once();
    await removeFolder(trace);
    await once();
    expect(everywhere(trace)).toContain("SECRET");
    trace.world.checks.clockStepped();
    trace.world.time.offset += 7 * DAY;
    await once();
    expect(everywhere(trace)).not.toContain("SECRET");
  });
});
