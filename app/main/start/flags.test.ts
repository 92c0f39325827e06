import { describe, expect, it } from "vitest";
import { APP_HELP, parseAppArguments, wordsOf } from "./flags.ts";

const parse = (line: string) => parseAppArguments(line.split(" ").filter((word) => word !== ""));

describe("the app's flags", () => {
  it("are those of the command line, and its own", () => {
    expect(
      parse("--hidden --notify-grace 5 --auth-file /a --state-dir=/s --token-url http://127.0.0.1:1/t --ping off"),
    ).toEqual({
      kind: "launch",
      hidden: true,
      demo: false,
      notifyGraceMs: 5_000,
      flags: { authFile: "/a", stateDir: "/s", ping: "off", tokenUrls: ["http://127.0.0.1:1/t"], apiUrls: [] },
    });
  });

  it.each([
    "--no-sandbox",
    "--inspect=0",
    "--remote-debugging-port=0",
    "--ozone-platform-hint=auto",
    "--user-data-dir=/x",
    "--disable-gpu",
    "--original-process-start-time=1",
  ])("leave Chromium's switch %s to Chromium", (word) => {
    expect(parse(`${word} --hidden`)).toMatchObject({ kind: "launch", hidden: true });
  });

  it.each([
    ["--notify-grace soon", "--notify-grace takes whole seconds: 600, say."],
    ["--hiden", "There is no flag --hiden. Did you mean --hidden?"],
    ["--state-dir", "--state-dir needs a path after it."],
    ["--json", 'There is no flag --json. "--help" lists them.'],
    ["--demo --auth-file /a", "--auth-file does not go with demo, which brings its own file, folder and provider."],
    ["refresh", 'The app takes no "refresh"; commands are for pilot-light.'],
  ])("are refused where they are wrong: %s", (line, sentence) => {
    expect(parse(line)).toEqual({ kind: "wrong", sentence });
  });

  it("tell of help and version", () => {
    expect(parse("--help").kind).toBe("help");
    expect(parse("-h").kind).toBe("help");
    expect(parse("--version").kind).toBe("version");
    for (const flag of ["--hidden", "--demo", "--auth-file", "--ping"]) expect(APP_HELP).toContain(flag);
  });
});

describe("the words of the app's command line", () => {
  it("leave out Electron's own word in a checkout, wherever it stands", () => {
    expect(wordsOf(["electron", "--inspect=0", "/work", "--state-dir", "/s"], true)).toEqual([
      "--inspect=0",
      "--state-dir",
      "/s",
    ]);
    expect(wordsOf(["/opt/pilot-light", "--hidden"], false)).toEqual(["--hidden"]);
  });
});
