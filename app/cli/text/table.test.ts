import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileProblemKind } from "../../shared/login/file-problem.ts";
import { LOGIN_STATE_NAMES } from "../../shared/login/states.ts";
import { anyText, loginOf, NOON, snapshotOf } from "../../shared/testing/snapshots.ts";
import { cellWidth } from "./cells.ts";
import { accountsText, statusText } from "./table.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const PLAIN = { width: 80, colour: false, authFileFrom: "default" } as const;

const FOUR = snapshotOf([
  loginOf("anthropic", {
    label: "work",
    accessExpiresAt: NOON + 9 * HOUR + 40 * MINUTE,
    nextRefreshAt: NOON + 5 * HOUR + 12 * MINUTE,
    loginEndsAt: NOON + 19 * DAY,
    lastPing: { at: NOON - 2 * MINUTE, outcome: "ok", mode: "message" },
  }),
  loginOf("anthropic-home", {
    state: "signIn",
    reason: "The login reached its deadline. Sign in again: opencode auth login.",
    accessExpiresAt: NOON - HOUR,
    loginEndsAt: NOON - HOUR,
    nextRefreshAt: null,
    lastPing: { at: NOON - 59 * MINUTE, outcome: "rate-limited", mode: "message" },
  }),
  loginOf("openai", { state: "unmanaged", reason: "It is left alone.", nextRefreshAt: null }),
  loginOf("github-copilot", {
    state: "unmanaged",
    reason: "It is left alone.",
    nextRefreshAt: null,
    accessExpiresAt: null,
  }),
]);

const tableOf = (text: string): string[] => text.slice(0, text.indexOf("\n\n")).split("\n");

describe("the status", () => {
  it("says that a login has ended, whatever the provider once said of its end", () => {
    const early = loginOf("anthropic", { state: "signIn", nextRefreshAt: null, loginEndsAt: NOON + 19 * DAY });
    expect(tableOf(statusText(snapshotOf([early]), PLAIN))[1]).toMatch(/ ended /);
  });

  it("says where it looks and what to do while there is no file", () => {
    expect(statusText(snapshotOf([], { format: null }), PLAIN)).toBe(
      "No auth.json yet. Expected at /home/ann/.local/share/opencode/auth.json\nSign in with: opencode auth login\n",
    );
  });

  it("says so of a file without logins", () => {
    expect(statusText(snapshotOf([]), PLAIN)).toContain(
      "No logins in this file yet. Sign in with: opencode auth login\n",
    );
  });

  it("asks for no opencode where another file was named", () => {
    const named = { ...PLAIN, authFileFrom: "flag" } as const;
    expect(statusText(snapshotOf([], { format: null }), named)).toBe(
      "No credential file yet. Expected at /home/ann/.local/share/opencode/auth.json\nSign in with the tool that writes this file.\n",
    );
    expect(statusText(snapshotOf([]), named)).toContain(
      "No logins in this file yet. Sign in with the tool that writes this file.\n",
    );
  });

  it("names a step that fits the problem, and none where the problem names its own", () => {
    const said = (problemKind?: FileProblemKind) =>
      statusText(snapshotOf([], { format: null, problem: "so", problemKind }), PLAIN).replaceAll(/\s+/g, " ");
    expect(said("noPermission")).toContain("readable for your user.");
    expect(said("isFolder")).toContain("Move that folder away, then sign in again.");
    expect(said("ownNotes")).toMatch(/^so Nothing was written\. $/);
    // A keeper of an older version tells no kind.
    expect(said()).toMatch(/Nothing was written\. $/);
  });

  it("names the file and its problem where it cannot be read, and that it was left alone", () => {
    const text = statusText(
      snapshotOf([], { format: null, problem: "it holds duplicate keys", problemKind: "keyTwice" }),
      PLAIN,
    );
    expect(text.replaceAll(/\s+/g, " ")).toBe(
      "/home/ann/.local/share/opencode/auth.json: it holds duplicate keys. Nothing was written. Fix it, or move it away and sign in again. ",
    );
  });

  it("shows one login in one line that can be read at a glance", () => {
    expect(statusText(snapshotOf([loginOf("anthropic")]), PLAIN)).toBe(
      [
        "LOGIN      STATE    ACCESS UNTIL  DUE     LAST PING",
        "anthropic  healthy  20:00         in 6 h  -",
        "",
        "File: /home/ann/.local/share/opencode/auth.json",
        'No keeper is running. Start one with "pilot-light run".',
        "",
      ].join("\n"),
    );
  });

  it("says who keeps the logins alive", () => {
    const running = { ...snapshotOf([loginOf("anthropic")]), keeper: { running: true, pid: 42, since: NOON - DAY } };
    const text = statusText(running, PLAIN);
    expect(text).toContain("REFRESHES");
    expect(text).toContain("Kept alive by pid 42 since Sun 12:00.\n");
  });

  it("shows several logins, deadlines and labels in 120 columns without a cut", () => {
    expect(tableOf(statusText(FOUR, { ...PLAIN, width: 120 }))).toEqual([
      "LABEL  LOGIN           STATE      ACCESS UNTIL  DUE          LOGIN UNTIL    LAST PING",
      "-      anthropic-home  sign in    expired       -            ended          rate-limited, 59 min ago",
      "work   anthropic       healthy    21:40         in 5 h 12 m  12 Dec (19 d)  ok, 2 min ago",
      "-      openai          unmanaged  20:00         -            -              -",
      "-      github-copilot  unmanaged  -             -            -              -",
    ]);
  });

  it("says the same shorter in 80 columns", () => {
    expect(tableOf(statusText(FOUR, PLAIN))).toEqual([
      "LABEL  LOGIN           STATE      ACCESS   DUE          LOGIN ENDS  PING",
      "-      anthropic-home  sign in    expired  -            ended       rate-limited",
      "work   anthropic       healthy    21:40    in 5 h 12 m  in 19 d     ok",
      "-      openai          unmanaged  20:00    -            -           -",
      "-      github-copilot  unmanaged  -        -            -           -",
    ]);
  });

  it("says it in the fewest words in 72, and still cuts no ID", () => {
    expect(tableOf(statusText(FOUR, { ...PLAIN, width: 72 }))).toEqual([
      "LABEL  LOGIN           STATE      ACCESS   DUE     ENDS     PING",
      "-      anthropic-home  sign in    expired  -       ended    limited",
      "work   anthropic       healthy    21:40    in 5 h  in 19 d  ok",
      "-      openai          unmanaged  20:00    -       -        -",
      "-      github-copilot  unmanaged  -        -       -        -",
    ]);
  });

  it("gives each sentence once, to all whom it concerns", () => {
    const text = statusText(FOUR, PLAIN);
    expect(text).toContain("anthropic-home: The login reached its deadline. Sign in again:\n  opencode auth login.\n");
    expect(text).toContain("openai, github-copilot: It is left alone.\n");
    const offline = (id: string) => loginOf(id, { state: "retrying", reason: `No network for ${id}.` });
    const alone = statusText(snapshotOf([offline("a"), offline("b")]), PLAIN);
    expect(alone).toContain("a: No network for a.\nb: No network for b.\n");
  });

  it("says of a login that it was signed in again, while that is news", () => {
    const text = (at: number) => statusText(snapshotOf([loginOf("a", { signedInAt: at })]), PLAIN);
    expect(text(NOON - 8_000)).toContain("\na: Signed in again, 8 s ago.\n");
    expect(text(NOON - HOUR)).not.toContain("Signed in");
  });

  it("has a word for every state", () => {
    const text = statusText(snapshotOf(LOGIN_STATE_NAMES.map((state) => loginOf(`a-${state}`, { state }))), PLAIN);
    expect(text).not.toContain("undefined");
    expect(tableOf(text)).toHaveLength(LOGIN_STATE_NAMES.length + 1);
  });

  it("colours the states on a terminal, and only there", () => {
    // oxlint-disable-next-line no-control-regex
    const escapes = /\u001b\[[\d;]*m/g;
    const coloured = statusText(FOUR, { ...PLAIN, colour: true });
    expect(coloured.match(escapes)?.length).toBeGreaterThan(4);
    expect(coloured.replaceAll(escapes, "").replaceAll(/ +$/gm, "")).toBe(statusText(FOUR, PLAIN));
  });
});

describe("the table", () => {
  const nasty = fc.oneof(
    anyText(60),
    fc.constantFrom("anthropic", "日本語の名前".repeat(8), "👩‍💻".repeat(30), "\u001b[31m", "a".repeat(500), ""),
  );
  const account = fc
    .record({
      id: nasty,
      label: nasty,
      state: fc.constantFrom(...LOGIN_STATE_NAMES),
      accessExpiresAt: fc.option(fc.double()),
      loginEndsAt: fc.option(fc.double()),
      nextRefreshAt: fc.option(fc.double()),
    })
    .map(({ id, ...change }) => loginOf(id, change));

  it("is never wider than the terminal and never obeyed by it, whatever stands in the file", () => {
    fc.assert(
      fc.property(
        fc.array(account, { maxLength: 30, minLength: 1 }),
        fc.integer({ min: 20, max: 120 }),
        (logins, width) => {
          const lines = tableOf(statusText(snapshotOf(logins), { ...PLAIN, width }));
          expect(lines).toHaveLength(logins.length + 1);
          for (const line of lines) {
            expect(cellWidth(line)).toBeLessThanOrEqual(width);
            // oxlint-disable-next-line no-control-regex
            expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
          }
        },
      ),
    );
  });

  it("keeps its columns in line beside wide letters", () => {
    const logins = [loginOf("日本語"), loginOf("anthropic")];
    const [, wide = "", narrow = ""] = tableOf(statusText(snapshotOf(logins), PLAIN));
    expect(cellWidth(wide.slice(0, wide.indexOf("healthy")))).toBe(narrow.indexOf("healthy"));
  });

  it("cuts long labels before long IDs", () => {
    const logins = [loginOf("anthropic/acc_0123456789abcdef", { label: "a label that goes on and on and on" })];
    const [, line] = tableOf(statusText(snapshotOf(logins), PLAIN));
    expect(line).toMatch(/^a label.*… {2}anthropic\/acc_0123456789abcdef {2}healthy/);
  });

  it("cuts one long ID in its middle rather than the labels, which people know", () => {
    const id = "anthropic/0f8fad5b-d9cb-469f-a165-70867728950e";
    const logins = [loginOf(id, { label: "private" }), loginOf("anthropic/b", { label: "office laptop" })];
    const deadline = { loginEndsAt: NOON + 19 * DAY };
    const [, long = "", short = ""] = tableOf(
      statusText(snapshotOf(logins.map((each) => ({ ...each, ...deadline }))), PLAIN),
    );
    expect(long).toMatch(/^private {8}anthropic\/\S+…\S+28950e {2}healthy/);
    expect(short).toMatch(/^office laptop {2}anthropic\/b +healthy/);
  });

  it("holds thirty logins", () => {
    const logins = Array.from({ length: 30 }, (_, at) => loginOf(`anthropic/acc_${at}`, { label: `account ${at}` }));
    expect(tableOf(statusText(snapshotOf(logins), PLAIN))).toHaveLength(31);
  });
});

describe("the list of accounts", () => {
  const long = `anthropic/${"x".repeat(100)}`;

  it("gives each ID in full, and one that is too long a line of its own", () => {
    const logins = [loginOf(long), loginOf("openai", { label: "home" })];
    expect(accountsText(snapshotOf(logins), PLAIN)).toBe(
      `${long}\n-     ${" ".repeat(8)}healthy\nhome  openai  healthy\n`,
    );
  });

  it("is never wider than the terminal, but for an ID that is", () => {
    const label = "a label that goes on and on and on and on and on and on and on";
    const logins = [loginOf(long, { label }), loginOf("日本語", { label: "家" }), loginOf("a", { label })];
    for (const width of [40, 60, 80, 120]) {
      const lines = accountsText(snapshotOf(logins), { ...PLAIN, width })
        .trimEnd()
        .split("\n");
      expect(lines).toContain(long);
      for (const line of lines) if (line !== long) expect(cellWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  it("is one line for each login where there is no width to keep to", () => {
    const logins = [loginOf(long), loginOf("openai", { label: "home" })];
    expect(accountsText(snapshotOf(logins), { ...PLAIN, width: Number.POSITIVE_INFINITY })).toBe(
      `-     ${long}  healthy\nhome  ${"openai".padEnd(110)}  healthy\n`,
    );
  });

  it("has no empty column where no login has a label", () => {
    expect(accountsText(snapshotOf([loginOf("a"), loginOf("bcd")]), PLAIN)).toBe("a    healthy\nbcd  healthy\n");
  });
});
