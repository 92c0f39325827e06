/** Watches the folder that argv names, and has nothing else to do. */
import { createFiles } from "../files/files.ts";

createFiles().watchFolder(process.argv[2] ?? "", () => undefined);
