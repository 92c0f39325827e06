import { describe, expect, it } from "vitest";
import { wanted } from "./wanted.ts";

const words = (...typed: readonly string[]) => {
  const asked = wanted(typed);
  return asked.kind === "words" ? asked.words.map(({ word }) => word) : asked.kind;
};

describe("what may follow", () => {
  it("is a command first, with what it does", () => {
    const asked = wanted([""]);
    expect(asked).toMatchObject({ kind: "words" });
    expect(words("")).toEqual(expect.arrayContaining(["run", "status", "settings", "completion"]));
    if (asked.kind === "words") expect(asked.words.every(({ about }) => about !== "")).toBe(true);
    expect(words("--json", "")).toContain("status");
    expect(words("--auth-file", "x", "")).toContain("status");
    expect(words("nonsense", "")).toEqual([]);
  });

  it("is a flag of the command behind dashes", () => {
    expect(words("status", "--")).toEqual(expect.arrayContaining(["--watch", "--format", "--json", "--help"]));
    expect(words("status", "--")).not.toContain("--once");
    expect(words("-")).toContain("--once");
    expect(wanted(["refresh", "--", "--"])).toMatchObject({ kind: "logins" });
  });

  it("is what the flag before takes", () => {
    expect(words("run", "--ping", "")).toEqual(["off", "profile", "message"]);
    expect(words("run", "--ping=pro")).toEqual(["--ping=off", "--ping=profile", "--ping=message"]);
    expect(words("status", "--format", "")).toEqual(["waybar"]);
    expect(words("--state-dir", "")).toBe("files");
    expect(words("history", "-n", "")).toEqual([]);
    expect(words("pause", "--for", "")).toEqual([]);
  });

  it.each(["refresh", "renew", "ping", "pause", "resume", "allow", "disallow", "history", "rescue", "forget"])(
    "is a login behind %s",
    (command) => {
      expect(words(command, "")).toBe("logins");
    },
  );

  it("is another login only where a command takes several", () => {
    expect(wanted(["ping", "a", ""])).toEqual({ kind: "logins", command: "ping", but: ["a"] });
    expect(words("history", "a", "")).toEqual([]);
    expect(words("status", "")).toEqual([]);
  });

  it("is a key of the settings, and what it can be", () => {
    expect(words("settings", "")).toEqual(["get", "set", "unset", "path"]);
    expect(words("settings", "get", "")).toBe("settingKeys");
    expect(words("settings", "set", "ping.mode", "")).toEqual(["off", "profile", "message"]);
    expect(words("settings", "set", "names.a", "")).toEqual([]);
    expect(words("settings", "path", "")).toEqual([]);
    expect(words("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });
});
