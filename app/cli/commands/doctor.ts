import { join } from "node:path";
import type { EndpointSources, Folders, Options } from "../../assemble/options.ts";
import type { Engine } from "../../keeper/api.ts";
import type { DoctorFacts, Setup } from "../../keeper/commands/doctor-facts.ts";
import { doctorExitCode, findingsOf } from "../../keeper/commands/findings.ts";
import { type SettingsStore } from "../../ports/settings.ts";
import { endpointsInUse } from "../../providers/registry.ts";
import { UserError } from "../../shared/data/errors.ts";
import type { Finding, Level } from "../../shared/finding.ts";
import { parseSettings, type Settings } from "../../shared/settings.ts";
import { findingWords } from "../../shared/words/doctor.ts";
import { fileProblemWords, replaceProblemWords } from "../../shared/words/file-problem.ts";
import { sharingUnseenSentence } from "../../shared/words/state.ts";
import { visible } from "../../shared/words/visible.ts";
import type { Output } from "../output.ts";
import { pad, wrap } from "../text/cells.ts";
import { jsonDocument } from "../text/json.ts";

/** @returns a store of settings that could not be opened: every look says why, so that the findings do. @throws anything else. */
export function brokenSettings(error: unknown): SettingsStore {
  if (!(error instanceof UserError)) throw error;
  const refuse = (): never => {
    throw error;
  };
  return { read: refuse, update: refuse, onChange: () => () => undefined };
}

/** @returns the settings, or the defaults where they cannot be understood: the findings tell that. */
export function settingsOrDefaults(settings: Pick<SettingsStore, "read">): Settings {
  try {
    return settings.read();
  } catch (error) {
    if (error instanceof UserError) return parseSettings({});
    throw error;
  }
}

export interface SetupParts {
  readonly version: string;
  readonly folders: Folders;
  readonly options: Options;
  readonly sources: ReadonlyMap<string, EndpointSources>;
}

/** @returns what this process knows of how it was set up. */
export function setupOf({ version, folders, options, sources }: SetupParts): Setup {
  return {
    version,
    node: process.version,
    platform: process.platform,
    settingsFile: folders.settingsFile,
    logDir: join(folders.stateDir, "log"),
    authFileFrom: options.authFile.source,
    endpoints: endpointsInUse(options.endpoints).map(({ provider, tokenUrl, apiUrl }) => {
      const source = sources.get(provider);
      return {
        provider,
        tokenUrl,
        tokenUrlFrom: source?.tokenUrl ?? "default",
        apiUrl,
        apiUrlFrom: source?.apiUrl ?? "default",
      };
    }),
    ping: { mode: options.ping.mode, from: options.ping.source },
  };
}

/** Says what was found and what to do about it. It changes nothing. @returns the exit code, as README.md lists them. */
export async function doctor(
  engine: Pick<Engine, "doctor">,
  setup: Setup,
  output: Output,
  json: boolean,
): Promise<number> {
  const found = await engine.doctor();
  const findings = findingsOf(found, setup);
  output.out(json ? doctorJson(found, setup, findings) : doctorText(found, setup, findings, output));
  return doctorExitCode(found, findings);
}

const MARKS: Readonly<Record<Level, string>> = { ok: "ok", warn: "look", bad: "BAD" };
const COLOURS: Readonly<Record<Level, string>> = { ok: "32", warn: "33", bad: "31" };
const MARK_WIDTH = 6;

/** For people: a line each, with what to do under it, then where everything stands. */
function doctorText(
  found: DoctorFacts,
  setup: Setup,
  findings: readonly Finding[],
  look: Pick<Output, "width" | "colour">,
): string {
  const indent = " ".repeat(MARK_WIDTH);
  const width = look.width() - MARK_WIDTH;
  const lines = findings.flatMap(({ level, what }) => {
    const { sentence, next } = findingWords(what, found.now);
    const said = wrap(visible(sentence), width);
    const todo = next === null ? [] : wrap(`-> ${visible(next)}`, width, "   ");
    const mark = pad(MARKS[level], MARK_WIDTH);
    const painted = look.colour ? `\u001b[${COLOURS[level]}m${mark}\u001b[0m` : mark;
    return [...said, ...todo].map((line, at) => `${at === 0 ? painted : indent}${line}`);
  });
  const places = placesOf(found, setup).map(([name, path]) => `${pad(name, 17)}${visible(path)}`);
  return `${[...lines, "", ...places].join("\n")}\n`;
}

function placesOf({ paths }: DoctorFacts, setup: Setup): readonly (readonly [name: string, path: string])[] {
  return [
    ["credential file", paths.authFile],
    ...(paths.realPath === paths.authFile ? [] : [["really at", paths.realPath] as const]),
    ["state folder", paths.stateDir],
    ["settings", setup.settingsFile],
    ["log", setup.logDir],
  ];
}

/** For programs: the findings, and the facts that they rest on. Public; version 1. */
function doctorJson(found: DoctorFacts, setup: Setup, findings: readonly Finding[]): string {
  const { now, paths, file, locks, openIntents, keptCopies, shared, sharingUnseen, newestFile, logins } = found;
  return jsonDocument({
    version: 1,
    findings: findings.map(({ about, level, what }) => ({ about, level, kind: what.kind, ...findingWords(what, now) })),
    paths: { ...paths, settingsFile: setup.settingsFile, logDir: setup.logDir },
    file: {
      kind: file.kind,
      format: file.format,
      problem: file.problem === null ? null : fileProblemWords(file.problem),
      problemKind: file.problem?.kind ?? null,
      cannotReplace: file.cannotReplace === null ? null : replaceProblemWords(file.cannotReplace),
      cannotReplaceKind: file.cannotReplace?.kind ?? null,
    },
    locks,
    logins: logins.map(({ id, state }) => ({ id, state })),
    openIntents,
    keptCopies,
    shared,
    sharedWarning: sharingUnseen === null ? null : sharingUnseenSentence(sharingUnseen),
    sharingUnseen,
    clock: { now, newestFile },
    authFileFrom: setup.authFileFrom,
    endpoints: setup.endpoints,
    ping: setup.ping,
    versions: { app: setup.version, node: setup.node, platform: setup.platform },
  });
}
