// @ts-check
/**
 * What the system must bring along: libraries to run an Electron, and programs for the tests. On Debian and Ubuntu as root
 * what is missing is installed; elsewhere one line says how. `npm start` asks for the first kind only.
 */
import { execFile } from "node:child_process";
import { access, constants, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { NEEDS } from "./system-needs.mjs";

/**
 * @typedef {import("../run.mjs").Runner} Runner
 * @typedef {import("./system-needs.mjs").Need} Need
 *
 * @typedef Here what the system has
 * @property {ReadonlySet<string>} libraries by soname
 * @property {ReadonlySet<string>} packages by name; empty where dpkg is not
 * @property {(program: string) => boolean} program whether it is on the path
 * @property {boolean} dpkg
 */

/**
 * @param {Runner} run
 * @param {"run" | "test"} what
 * @returns {Promise<readonly string[]>} what is missing all the same, in words; empty = all is there
 */
export async function ensureSystem(run, what) {
  if (process.platform !== "linux") return [];
  const needs = NEEDS.filter((need) => what === "test" || need.for === "run");
  const missing = await missingOf(needs);
  if (missing.length === 0) return [];
  const names = missing.map((need) => need.name).join(", ");
  if (await mayInstall()) {
    run.say(`Not on this system yet: ${names}.`);
    await install(run, missing);
    const left = await missingOf(missing);
    if (left.length > 0) run.say(`Still missing: ${left.map((need) => need.name).join(", ")}.`);
    return left.map((need) => need.name);
  }
  const effect = what === "run" ? "Without them the app may not open." : "What needs them cannot be tested.";
  run.say(`Not on this system: ${names}. ${effect} ${await adviceFor(missing)}`);
  return missing.map((need) => need.name);
}

/**
 * @param {readonly Need[]} needs
 * @param {Here} here
 * @returns {Need[]} those that `here` does not meet
 */
export function unmet(needs, here) {
  return needs.filter((need) => {
    if (need.library !== undefined) return !here.libraries.has(need.library);
    if (need.programs !== undefined) return !need.programs.some(here.program);
    // Fonts, themes and modules: only where a package database tells.
    return here.dpkg && !need.apt.every((names) => names.some((name) => here.packages.has(name)));
  });
}

/** @param {readonly Need[]} needs */
async function missingOf(needs) {
  return unmet(needs, await look(needs));
}

/**
 * @param {readonly Need[]} needs
 * @returns {Promise<Here>}
 */
async function look(needs) {
  const programs = needs.flatMap((need) => need.programs ?? []);
  const names = needs.flatMap((need) => need.apt.flat());
  const [cache, list, found] = await Promise.all([
    output("ldconfig", ["-p"]),
    output("dpkg-query", ["--show", "--showformat=${binary:Package} ${db:Status-Status}\n", ...names]),
    Promise.all(programs.map(async (program) => /** @type {const} */ ([program, await onPath(program)]))),
  ]);
  const there = new Set(found.flatMap(([program, is]) => (is ? [program] : [])));
  return {
    libraries: new Set((cache ?? "").split("\n").flatMap((line) => /^\s*(\S+) \(/.exec(line)?.[1] ?? [])),
    packages: new Set((list ?? "").split("\n").flatMap((line) => /^([^:\s]+)\S* installed$/.exec(line)?.[1] ?? [])),
    program: (program) => there.has(program),
    dpkg: list !== null,
  };
}

/**
 * @param {Runner} run
 * @param {readonly Need[]} missing
 */
async function install(run, missing) {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  // Without a network apt-get would try for minutes.
  const quick = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"];
  await run.program("apt-get", ["update", "-qq", ...quick], env);
  // One name that the registry does not know, and apt-get would install nothing at all.
  const packages = await Promise.all(missing.flatMap((need) => need.apt).map(known));
  const names = [...new Set(packages.filter((name) => name !== null))];
  if (names.length > 0)
    await run.program("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...quick, ...names], env);
}

/**
 * A library's package is named otherwise on newer systems (…t64), so several names stand for it, the newest first.
 * @param {readonly string[]} names
 * @returns {Promise<string | null>} the first that this system's registry knows
 */
async function known(names) {
  for (const name of names) {
    const shown = await output("apt-cache", ["show", "--no-all-versions", name]);
    if (shown?.includes(`Package: ${name}\n`) === true) return name;
  }
  return null;
}

/**
 * @param {readonly Need[]} missing
 * @returns {Promise<string>}
 */
async function adviceFor(missing) {
  if (await onPath("apt-get")) {
    const wanted = missing.flatMap((need) => need.apt);
    const names = await Promise.all(wanted.map(async (each) => (await known(each)) ?? each.at(-1)));
    return `This installs them: sudo apt-get install --no-install-recommends ${[...new Set(names)].join(" ")}`;
  }
  const others = [...new Set(missing.map((need) => need.other))].join(" ");
  if (await onPath("dnf")) return `This installs them: sudo dnf install ${others}`;
  return `Install them with this system's package manager; on Fedora they are called ${others}.`;
}

async function mayInstall() {
  return process.getuid?.() === 0 && (await onPath("apt-get")) && (await isDebianLike());
}

async function isDebianLike() {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(text);
}

/** Administrators' folders, which are not on everybody's path. */
const ADMIN = ["/usr/sbin", "/sbin"];

/**
 * @param {string} program
 * @returns {Promise<boolean>}
 */
async function onPath(program) {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    if (folder === "") continue;
    const may = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (may) return true;
  }
  return false;
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @returns {Promise<string | null>} what it wrote to stdout, whatever its exit code; null when it could not be started, or
 * was lost
 */
async function output(file, args) {
  const PATH = [process.env["PATH"] ?? "", ...ADMIN].join(delimiter);
  const options = { env: { ...process.env, PATH, LC_ALL: "C" }, maxBuffer: 16 << 20, timeout: 30_000 };
  try {
    return (await promisify(execFile)(file, args, options)).stdout;
  } catch (error) {
    // dpkg-query ends with 1 when it does not know one of the names, and lists the others.
    const ended = error instanceof Error && "code" in error && error.code === 1 && "stdout" in error;
    return ended && file === "dpkg-query" ? String(error.stdout) : null;
  }
}
