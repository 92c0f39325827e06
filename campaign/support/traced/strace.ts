import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { inCi } from "../../../e2e/support/needs.ts";

/**
 * For `describe.skipIf(await straceMissing())`: is there a strace, and may it look into a running program of ours?
 * In CI it is always false, so that the tests run and fail with the reason; elsewhere what is missing is said aloud.
 */
export async function straceMissing(): Promise<boolean> {
  if (inCi()) return false;
  // Where only parents may look into their children (Yama), attaching fails for all but root.
  const script = "sleep 9 & timeout 1 strace -p $! -o /dev/null; found=$?; kill $!; [ $found = 124 ]";
  const found = await promisify(execFile)("bash", ["-c", script]).then(
    () => true,
    () => false,
  );
  if (!found) console.warn("SKIPPED: a campaign, since strace is not there or may not attach (apt-get install strace)");
  return !found;
}
