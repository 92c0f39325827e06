import { expect, it } from "vitest";
import { sharingUnseenSentence } from "./sharing.ts";

it("says why it cannot be seen whether a login is shared", () => {
  expect(sharingUnseenSentence({ kind: "inKeychain", program: "Claude Code" })).toBe(
    "Claude Code keeps its login in the macOS keychain, so it cannot be seen whether it uses one of these logins too.",
  );
  expect(sharingUnseenSentence({ kind: "databaseTooLarge" })).toMatch(/^OpenCode's database is too large .* too\.$/);
});
