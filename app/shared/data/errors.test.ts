import { describe, expect, it } from "vitest";
import { errorCode, framesOf, plainReason, sentenceOfError, UserError } from "./errors.ts";

const coded = (code: unknown, message = "SECRET in the message") => Object.assign(new Error(message), { code });

describe("an error", () => {
  it.each([
    [coded("ENOENT"), "ENOENT"],
    [coded(5), null],
    [new Error("x"), null],
    [null, null],
    ["ENOENT", null],
    [undefined, null],
  ])("has a code or none", (error, code) => {
    expect(errorCode(error)).toBe(code);
  });

  it.each([
    ["ENOSPC", "the disk is full"],
    ["EROFS", "the file system is read-only"],
    ["EACCES", "permission denied"],
    ["EODD", "EODD"],
  ])("with the code %s is told as %j", (code, words) => {
    expect(plainReason(coded(code))).toBe(words);
  });

  it("is never told in its own words, which may quote content", () => {
    expect(plainReason(new Error("SECRET"))).toBe("an unexpected error");
    expect(plainReason("SECRET")).toBe("an unexpected error");
  });

  it("of a command is told by its own sentence where it has one, else by its plain reason alone", () => {
    expect(sentenceOfError(new UserError("Sign in again.", 1))).toBe("Sign in again.");
    expect(sentenceOfError(coded("ENOSPC"))).toBe("It did not work: the disk is full. Try again.");
    for (const error of [new Error("SECRET"), "SECRET", { message: "SECRET" }, null, undefined])
      expect(sentenceOfError(error)).toBe("It did not work: an unexpected error. Try again.");
  });

  it("for a person carries its exit code", () => {
    const error = new UserError("Sign in again.", 1);
    expect([error.message, error.exitCode, error.name]).toEqual(["Sign in again.", 1, "UserError"]);
  });
});

describe("the places of an error", () => {
  it("are of the program; a line of what it says never passes for one", () => {
    const text = 'refused:\n    at {"refresh_token":"SECRET"}:1:2\n    at SECRET (x:1:2)';
    const places = framesOf(new Error(text));
    expect(places).toContain("errors.test.ts");
    expect(places).not.toContain("SECRET");
    expect([framesOf("no error"), framesOf(new Error())]).toEqual(["", expect.stringContaining("errors.test.ts")]);
  });
});
