// @ts-check
/**
 * Completes package-lock.json after `npm install`: some registries lack the binaries of other platforms, npm then leaves
 * these optional packages out, and npm 11 refuses such a lock in `npm ci` (npm/cli#9846). Each one that a locked package
 * names by an exact version gets an entry, with its platform read from its name, so that no machine but theirs looks for it.
 * A real entry, with its hash, takes the place of such a one when `npm install` runs where the registry has the package.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../run.mjs";

/** @typedef {{ os: string[], cpu: string[], libc?: string[] }} Platform */
/**
 * @typedef {Partial<Platform> & {
 *   version?: string, dev?: boolean, optional?: boolean, optionalDependencies?: Record<string, string>
 * }} Locked
 */

const OS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const CPU = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

/**
 * @param {string} name such as "@scope/binding-linux-arm64-musl"
 * @returns {Platform | null} null when the name tells no platform
 */
function platformIn(name) {
  const words = name.slice(name.indexOf("/") + 1).split("-");
  const os = OS.find((word) => words.includes(word));
  const cpu = CPU.find((word) => words.includes(word));
  if (os === undefined || cpu === undefined) return null;
  if (os !== "linux") return { os: [os], cpu: [cpu] };
  return { os: [os], cpu: [cpu], libc: [words.some((word) => word.startsWith("musl")) ? "musl" : "glibc"] };
}

const file = join(root, "package-lock.json");
/** @type {{ packages: Record<string, Locked> }} */
// oxlint-disable-next-line typescript/no-unsafe-assignment -- npm wrote it, and knows its own format.
const lock = JSON.parse(await readFile(file, "utf8"));
/** @type {string[]} */
const added = [];
for (const { dev, optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const path = `node_modules/${name}`;
    const platform = platformIn(name);
    if (lock.packages[path] !== undefined || platform === null || !/^\d+\.\d+\.\d+$/.test(version)) continue;
    const { cpu, libc, os } = platform;
    // In npm's own order of keys, so that its next run changes nothing.
    lock.packages[path] = { version, cpu, ...(dev && { dev }), ...(libc && { libc }), optional: true, os };
    added.push(`${name}@${version}`);
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
await writeFile(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
process.stdout.write(`${added.length} entries added${added.map((name) => `\n  ${name}`).join("")}\n`);
