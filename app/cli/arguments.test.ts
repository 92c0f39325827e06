import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "../shared/testing/snapshots.ts";
import { COMMANDS, parseArguments } from "./arguments.ts";

const parse = (line: string) => parseArguments(line.split(" ").filter((word) => word !== ""));
const wrong = (line: string) => {
  const parsed = parse(line);
  return parsed.kind === "wrong" ? parsed.sentence : `it was taken for ${parsed.kind}`;
};

describe("a command line", () => {
  it("is a command, its IDs and flags, in any order", () => {
    const meant = parse("refresh anthropic openai --json --auth-file /a/auth.json");
    expect(meant).toEqual({
      kind: "command",
      command: "refresh",
      ids: ["anthropic", "openai"],
      words: [],
      all: false,
      json: true,
      once: false,
      yes: false,
      pauseMs: null,
      watch: false,
      follow: false,
      format: null,
      lines: null,
      flags: { authFile: "/a/auth.json", tokenUrls: [], apiUrls: [] },
    });
    expect(parse("--json --auth-file=/a/auth.json refresh anthropic openai")).toEqual(meant);
    expect(parse("--auth-file /a/auth.json refresh --json anthropic openai anthropic")).toEqual(meant);
  });

  it.each(COMMANDS)("knows %s", (command) => {
    expect(parse(`${command}${command.includes("allow") || command === "forget" ? " a" : ""}`)).toMatchObject({
      kind: "command",
      command,
    });
  });

  it("takes what follows settings as it stands, not as logins", () => {
    expect(parse("settings set names.a a")).toMatchObject({ ids: [], words: ["set", "names.a", "a"] });
    expect(parseArguments(["settings", "set", "names.a", ""])).toMatchObject({ words: ["set", "names.a", ""] });
  });

  it.each(["-n 20", "-n20", "-n=20", "--lines 20", "--lines=20"])("takes the newest: %s", (flag) => {
    expect(parse(`history ${flag} anthropic`)).toMatchObject({ lines: 20, ids: ["anthropic"] });
  });

  it("follows the log", () => {
    expect(parse("logs -f -n 5")).toMatchObject({ command: "logs", follow: true, lines: 5 });
    expect(parse("logs --follow")).toMatchObject({ follow: true, lines: null });
  });

  it("takes renew for refresh", () => {
    expect(parse("renew --all")).toMatchObject({ command: "refresh", all: true, ids: [] });
  });

  it("takes several URLs, and = inside of them", () => {
    expect(parse("status --token-url anthropic=https://a/?x=1 --token-url=openai=https://b")).toMatchObject({
      flags: { tokenUrls: ["anthropic=https://a/?x=1", "openai=https://b"] },
    });
  });

  it("takes everything after -- for an ID", () => {
    expect(parse("refresh -- --all -h")).toMatchObject({ all: false, ids: ["--all", "-h"] });
    expect(parse("history -- --version")).toMatchObject({ command: "history", ids: ["--version"] });
  });

  it.each([
    ["90m", 5_400_000],
    ["1h", 3_600_000],
    ["1.5h", 5_400_000],
    ["2d", 172_800_000],
    ["30min", 1_800_000],
  ])("pauses for %s", (text, pauseMs) => {
    expect(parse(`pause --for ${text}`)).toMatchObject({ pauseMs });
  });

  it.each(["-h", "--help", "status --help", "refresh -h --nonsense", "help status", "help"])(
    "asks for help: %s",
    (line) => {
      const command = line.includes("status") ? "status" : line.includes("refresh") ? "refresh" : null;
      expect(parse(line)).toEqual({ kind: "help", command });
    },
  );

  it("asks for the version, wherever that stands", () => {
    expect(parse("--version")).toEqual({ kind: "version" });
    expect(parse("status --version")).toEqual({ kind: "version" });
  });

  it("may be empty", () => {
    expect(parse("")).toEqual({ kind: "none" });
  });
});

describe("a wrong command line", () => {
  it.each([
    ["statsu", 'There is no command "statsu". Did you mean status?'],
    ["install", 'There is no command "install". "pilot-light --help" lists them.'],
    ["demo work", 'demo takes no ID, but "work" was given.'],
    ["demo --once", "--once does not go with demo; it goes with run."],
    ...["--auth-file a", "--state-dir a", "--token-url http://127.0.0.1/", "--api-url http://127.0.0.1/"].map(
      (flag) => [
        `demo ${flag}`,
        `${flag.split(" ")[0]} does not go with demo, which brings its own file, folder and provider.`,
      ],
    ),
    ["status --tokne-url https://a", "There is no flag --tokne-url. Did you mean --token-url?"],
    ["status --toString", 'There is no flag --toString. "pilot-light --help" lists them.'],
    ["status --__proto__", 'There is no flag --__proto__. "pilot-light --help" lists them.'],
    ["status --foo", 'There is no flag --foo. "pilot-light --help" lists them.'],
    ["status --fro", 'There is no flag --fro. "pilot-light --help" lists them.'],
    ["--onse status", 'There is no flag --onse. "pilot-light --help" lists them.'],
    ["pause --fro 1h", "There is no flag --fro. Did you mean --for?"],
    ["--onse run", "There is no flag --onse. Did you mean --once?"],
    ["--onse", "There is no flag --onse. Did you mean --once?"],
    ["status -x", 'There is no flag -x. "pilot-light --help" lists them.'],
    ["status -json", "There is no flag -json. Did you mean --json?"],
    ["history -m", 'There is no flag -m. "pilot-light --help" lists them.'],
    ["history -n", "-n needs a whole number such as 20 after it."],
    ["history -n=", "-n needs a whole number such as 20 after it."],
    ["history -nx", '-n needs a whole number such as 20, not "x".'],
    ["history --lines 1e3", '-n needs a whole number such as 20, not "1e3".'],
    ["history -n 1 --lines 2", "--lines was given twice."],
    ["status --format json", '--format must be waybar, not "json".'],
    ["status --format waybar --json", "--format and --json do not go together."],
    ["accounts --watch", "--watch does not go with accounts; it goes with status."],
    ["status -n 1", "--lines does not go with status; it goes with history or logs."],
    ["logs anthropic", 'logs takes no ID, but "anthropic" was given.'],
    ["logs -fn", 'There is no flag -fn. "pilot-light --help" lists them.'],
    ["--json", 'No command was named. "pilot-light --help" lists them.'],
    ["status --auth-file", "--auth-file needs a path after it."],
    ["status --auth-file=", "--auth-file needs a path after it."],
    ["status --auth-file --json", "--auth-file needs a path after it."],
    ["status --ping", "--ping needs off, profile or message after it."],
    ["status --json=yes", "--json takes no value."],
    ["status --auth-file a --auth-file b", "--auth-file was given twice."],
    ["status --once", "--once does not go with status; it goes with run."],
    ["run --all", "--all does not go with run; it goes with refresh, ping, pause or resume."],
    ["resume --for 1h", "--for does not go with resume; it goes with pause."],
    ["status anthropic", 'status takes no ID, but "anthropic" was given.'],
    ["run anthropic", 'run takes no ID, but "anthropic" was given.'],
    ["history a b", 'history takes one ID only, but "b" was given.'],
    ["allow", 'allow needs the ID of a login; "pilot-light accounts" lists them.'],
    ["disallow a b", 'disallow takes one ID only, but "b" was given.'],
    ["refresh a --all", "Name IDs or --all, not both."],
    ["pause --for soon", '--for needs a time such as 90m, 2h or 1d, at most a year, not "soon".'],
    ["pause --for 0m", '--for needs a time such as 90m, 2h or 1d, at most a year, not "0m".'],
    ["pause --for 9999999d", '--for needs a time such as 90m, 2h or 1d, at most a year, not "9999999d".'],
  ])("%s: %s", (line, sentence) => {
    expect(wrong(line)).toBe(sentence);
  });

  it("is answered in one line that a terminal does not obey", () => {
    const parsed = parseArguments(["\u001b[2J\n"]);
    expect(parsed).toEqual({
      kind: "wrong",
      sentence: 'There is no command "?[2J?". "pilot-light --help" lists them.',
    });
  });

  it("never throws, whatever is typed", () => {
    const word = fc.oneof(
      anyText(12),
      fc.constantFrom(
        ...COMMANDS,
        "--",
        "-",
        "--all",
        "--json",
        "--for",
        "-n",
        "-n1",
        "-f",
        "--ping=",
        "--token-url",
        "-h",
        "renew",
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const parsed = parseArguments(words);
        if (parsed.kind === "wrong") expect(parsed.sentence).toMatch(/^[^\n]+[.?]$/);
      }),
    );
  });
});
