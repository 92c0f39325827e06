/** Says the fingerprint of one word under the key of the state dir that argv names. */
import { createFiles } from "../files/files.ts";
import { loadFingerprint } from "../fingerprint.ts";

const fingerprint = await loadFingerprint(createFiles(), process.argv[2] ?? "");
process.stdout.write(`${fingerprint.of("word")}\n`);
