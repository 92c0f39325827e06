import { describe, expect, it } from "vitest";
import { NOON } from "../../shared/testing/snapshots.ts";
import { parseArguments } from "../arguments.ts";
import { testOutput } from "../testing/fakes.ts";
import { demoRun, farewell, introduce } from "./demo.ts";

const place = {
  folder: "/tmp/pilot-light-demo-7-abcdef",
  authFile: "/tmp/pilot-light-demo-7-abcdef/auth.json",
  stateDir: "/tmp/pilot-light-demo-7-abcdef/state",
  settingsDir: "/tmp/pilot-light-demo-7-abcdef/state",
  tokenUrl: "http://127.0.0.1:7/v1/oauth/token",
  apiUrl: "http://127.0.0.1:7",
};
const LOOK = `pilot-light status --state-dir ${place.stateDir} --auth-file ${place.authFile}`;

function said(change: { readonly terminal?: boolean; readonly json?: boolean; readonly where?: typeof place } = {}) {
  const output = testOutput({ terminal: change.terminal ?? true });
  const speech = { output, json: change.json ?? false, now: () => NOON };
  introduce(change.where ?? place, speech, "linux");
  return { speech, text: output.stdout, err: output.stderr };
}

describe("the demo's first words", () => {
  it("say on a terminal what it is, where it is, and how to look at it", () => {
    const text = said().text();
    expect(text).toMatch(/^This is a demo: four made-up logins .* nothing\nof yours is read, changed or sent\.\n/s);
    for (const label of ["work", "home", "team", "laptop"]) expect(text).toContain(label);
    expect(text).toContain(`It is in ${place.folder}, which is removed at the end.`);
    expect(text).toContain(`  ${LOOK}\n`);
    expect(text.split("\n").filter((line) => line.length > 80 && !line.includes(LOOK))).toEqual([]);
  });

  it.each([{ terminal: false }, { json: true }])("are one JSON line for programs: %j", (change) => {
    const { text } = said(change);
    expect(text().split("\n")).toHaveLength(2);
    expect(JSON.parse(text())).toMatchObject({
      level: "info",
      msg: expect.stringMatching(/^a demo: four made-up logins/) as string,
      folder: place.folder,
      authFile: place.authFile,
      stateDir: place.stateDir,
      tokenUrl: place.tokenUrl,
      apiUrl: place.apiUrl,
      look: LOOK,
    });
  });

  it("write a path so that a shell takes it for one word", () => {
    const where = { ...place, stateDir: "/tmp/it's here/state", authFile: "/tmp/$(x)/auth.json" };
    expect(said({ where }).text()).toContain(
      "--state-dir '/tmp/it'\\''s here/state' --auth-file '/tmp/$(x)/auth.json'\n",
    );
  });

  it("let no path move the cursor", () => {
    const where = { ...place, folder: "/tmp/\u001b[2Jx", authFile: "/tmp/\u001b[2Jx/auth.json" };
    expect(said({ where }).text()).not.toContain("\u001b");
  });
});

describe("the demo's last words", () => {
  it("say that nothing is left", () => {
    const { speech, text } = said();
    farewell(speech);
    expect(text()).toMatch(/12:00:00 {2}the demo has ended; its folder is removed\n$/);
  });
});

describe("the demo's keeper", () => {
  it("is run, on the demo's own file, folder and provider", () => {
    const asked = parseArguments(["demo", "--json", "--ping", "off"]);
    if (asked.kind !== "command") throw new Error("not a command");
    expect(demoRun(asked, place)).toMatchObject({
      command: "run",
      once: false,
      json: true,
      flags: {
        ping: "off",
        authFile: place.authFile,
        stateDir: place.stateDir,
        tokenUrls: [place.tokenUrl],
        apiUrls: [place.apiUrl],
      },
    });
  });
});
