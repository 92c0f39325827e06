import { describe, expect, it } from "vitest";
import type { Named } from "../../shared/data/named.ts";
import { testOutput } from "../testing/fakes.ts";
import { complete, completion } from "./completion.ts";

const LOGINS: readonly Named[] = [
  { id: "anthropic/a", label: "my work" },
  { id: "anthropic/b", label: "same" },
  { id: "anthropic/c", label: "same" },
  { id: "plain", label: "plain" },
  { id: "-odd", label: "\u001b[31mred" },
];

async function offered(typed: readonly string[], logins = async () => LOGINS) {
  const output = testOutput();
  expect(await complete(typed, { logins, settingKeys: async () => ["ping.mode", "names.a"] }, output)).toBe(0);
  return output.stdout();
}

describe("what a shell is offered", () => {
  it("are labels, then IDs, each with the other; no label that several have, and nothing that a terminal obeys", async () => {
    expect(await offered(["ping", ""])).toBe(
      "my work\tanthropic/a\nanthropic/a\tmy work\nanthropic/b\tsame\nanthropic/c\tsame\nplain\t\n",
    );
  });

  it("begins with what was typed, and is not there yet", async () => {
    expect(await offered(["ping", "my"])).toBe("my work\tanthropic/a\n");
    expect(await offered(["ping", "my work", "anth"])).toBe("anthropic/b\tsame\nanthropic/c\tsame\n");
    expect(await offered(["settings", "get", "p"])).toBe("ping.mode\t\n");
    expect(await offered(["refr"])).toBe("refresh\trefresh now (also: renew)\n");
    expect(await offered(["run", "--state-dir", "x"])).toBe(":files\n");
  });

  it("is nothing where nothing can be looked up", async () => {
    expect(await offered(["ping", ""], () => Promise.reject(new Error("broken")))).toBe("");
  });
});

describe("completion", () => {
  it("takes the name of one shell", () => {
    const output = testOutput();
    expect(completion(["zsh"], output)).toBe(0);
    expect(output.stdout()).toMatch(/^#compdef pilot-light\n/);
    expect(() => completion([], output)).toThrow("completion takes bash, zsh or fish.");
    expect(() => completion(["zhs"], output)).toThrow(
      'The shell must be bash, zsh or fish, not "zhs". Did you mean zsh?',
    );
  });
});
