import { describe, expect, it } from "vitest";
import { FILE_PROBLEM_KINDS, type FileProblem, type FileProblemKind } from "../login/file-problem.ts";
import { fileProblemStep, fileProblemWords, stepFor } from "./file-problem.ts";

describe("the next step for a credential file that cannot be used", () => {
  it.each<readonly [FileProblemKind, RegExp]>([
    ["notJson", /^Fix it, or move it away and sign in again\.$/],
    ["empty", /^Fix it/],
    ["keyTwice", /^Fix it/],
    ["idTwice", /^Fix it/],
    ["noPermission", /readable for you/],
    ["isFolder", /^Move that folder away/],
    ["noOrdinaryFile", /^Move it away/],
    ["fileInTheWay", /^Move that file away/],
    ["linkLoop", /link/],
    ["notReadable", /reads the file again/],
    ["beingWritten", /^Wait/],
    ["inKeychain", /secrets in the file/],
  ])("fits: %s", (kind, step) => {
    expect(fileProblemStep(kind)).toMatch(step);
  });

  it("is one sentence for each kind; our own notes name theirs", () => {
    for (const kind of FILE_PROBLEM_KINDS) {
      if (kind === "ownNotes") expect(fileProblemStep(kind)).toBeNull();
      else expect(fileProblemStep(kind), kind).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("is none where nothing is wrong, or where an older keeper tells no kind", () => {
    expect(stepFor({ path: "/a", format: "flat", problem: null, problemKind: null })).toBeNull();
    expect(stepFor({ path: "/a", format: null, problem: "it is empty" })).toBeNull();
  });
});

describe("what is wrong with a credential file", () => {
  it.each<readonly [FileProblem, string]>([
    [{ kind: "noPermission", code: "EPERM" }, "it cannot be read: not permitted"],
    [{ kind: "notReadable", code: "EIO" }, "it cannot be read: the disk reported an error"],
    [{ kind: "notReadable", code: "EODD" }, "it cannot be read: EODD"],
    [{ kind: "notReadable", code: null }, "it cannot be read: an unexpected error"],
    [{ kind: "fileInTheWay" }, "it cannot be read: a file is where a folder should be"],
    [{ kind: "notJson", line: 3, column: 7 }, "it is cut off or not JSON (line 3, column 7)"],
    [{ kind: "keyTwice", key: "a" }, "the key “a” is in it twice"],
    [
      { kind: "outOfShape", place: { kind: "file" }, fault: { kind: "notObject", at: "providers" } },
      "its “providers” is not an object",
    ],
    [
      {
        kind: "outOfShape",
        place: { kind: "unnamedRecord", number: 2, provider: "p" },
        fault: { kind: "notObject", at: "" },
      },
      "login 2 of “p” is not an object",
    ],
  ])("is said in words: %j", (problem, words) => {
    expect(fileProblemWords(problem)).toBe(words);
  });
});
