/**
 * The types of `file-problem.ts`, as they are read back from our notes. Apart from them, since the page takes no valibot; what
 * one of the two lacks does not compile where setbacks are made, or said.
 */
import * as v from "valibot";

const plain = <const K extends string>(kind: K) => v.object({ kind: v.literal(kind) });
const withId = <const K extends string>(kind: K) => v.object({ kind: v.literal(kind), id: v.string() });
const code = v.nullable(v.string());
const withCode = <const K extends string>(kind: K) => v.object({ kind: v.literal(kind), code });

const place = v.variant("kind", [
  plain("file"),
  v.object({ kind: v.literal("provider"), name: v.string() }),
  withId("record"),
  v.object({ kind: v.literal("unnamedRecord"), number: v.number(), provider: v.string() }),
]);
const fault = v.object({
  kind: v.picklist(["unknownKey", "missingKey", "wrongValue", "notObject"]),
  at: v.string(),
});

const fileProblemSchema = v.variant("kind", [
  v.object({ kind: v.literal("noPermission"), code: v.picklist(["EACCES", "EPERM"]) }),
  plain("isFolder"),
  plain("noOrdinaryFile"),
  plain("fileInTheWay"),
  plain("linkLoop"),
  withCode("notReadable"),
  plain("tooLarge"),
  plain("beingWritten"),
  plain("empty"),
  plain("byteOrderMark"),
  plain("notUtf8"),
  v.object({ kind: v.literal("notJson"), line: v.number(), column: v.number() }),
  plain("tooDeep"),
  plain("noObject"),
  v.object({ kind: v.literal("keyTwice"), key: v.string() }),
  plain("notVersion2"),
  v.object({ kind: v.literal("outOfShape"), place, fault }),
  withId("idTwice"),
  withId("idOfProvider"),
  v.object({ kind: v.literal("inKeychain"), place }),
]);

const replaceProblems = [plain("hardLinks"), plain("mounted"), withCode("notTold")] as const;
export const replaceProblemSchema = v.variant("kind", replaceProblems);

const editProblemSchema = v.variant("kind", [
  withId("noLogin"),
  withId("noEntry"),
  plain("twice"),
  plain("onlyRefreshed"),
  withId("notOneValue"),
  v.object({ kind: v.literal("keyMissing"), id: v.string(), key: v.string() }),
  plain("badTime"),
  v.object({ kind: v.literal("unusable"), problem: fileProblemSchema }),
  v.object({ kind: v.literal("outcomeUnusable"), problem: fileProblemSchema }),
  plain("touchesMore"),
]);

export const writeProblemSchema = v.variant("kind", [
  ...replaceProblems,
  plain("missing"),
  v.object({ kind: v.literal("unusable"), problem: fileProblemSchema }),
  plain("protected"),
  plain("foreignOwner"),
  withCode("noTempFile"),
  plain("formatLockBusy"),
  plain("keepsChanging"),
  v.object({ kind: v.literal("notEditable"), problem: editProblemSchema }),
  withCode("failed"),
]);
