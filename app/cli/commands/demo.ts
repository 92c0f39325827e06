import { type Demo, demoFlags } from "../../demo/demo.ts";
import { DEMO_WORDS, demoPlace } from "../../shared/words/run.ts";
import { visible } from "../../shared/words/visible.ts";
import { type EngineCommand, type Invocation, isLocalCommand } from "../arguments.ts";
import { wrap } from "../text/cells.ts";
import { isPlain, type Speech, speaker } from "./run.ts";

/** Where a demo stands; closing it is the root's part. */
export type DemoPlace = Omit<Demo, "close">;

/** Every command of an engine; `demo` is `run` in a place of its own. */
export type Work = Invocation & { readonly command: EngineCommand };

/** @returns whether this is one of them. */
export function isWork(asked: Invocation): asked is Work {
  return asked.command !== "demo" && !isLocalCommand(asked.command);
}

/** @returns `run`, on the demo. */
export function demoRun(asked: Invocation, place: DemoPlace): Work {
  return { ...asked, command: "run", flags: demoFlags(asked.flags, place) };
}

/** Says what a demo is and where, before anything runs: sentences on a terminal, one JSON line elsewhere. */
export function introduce(place: DemoPlace, speech: Speech, platform: NodeJS.Platform): void {
  const { folder, authFile, stateDir, tokenUrl, apiUrl } = place;
  const look = `pilot-light status --state-dir ${quoted(stateDir, platform)} --auth-file ${quoted(authFile, platform)}`;
  if (!isPlain(speech)) {
    const fields = { folder, authFile, stateDir, tokenUrl, apiUrl, look };
    speaker(speech)({ level: "info", id: null, msg: DEMO_WORDS.news, fields });
    return;
  }
  const { output } = speech;
  const logins = DEMO_WORDS.logins.map((line) => `  ${line}`);
  const where = demoPlace(visible(folder), visible(look));
  output.out(`${[...wrap(DEMO_WORDS.intro, output.width()), "", ...logins, "", ...where].join("\n")}\n\n`);
}

/** Says that the folder is gone. */
export function farewell(speech: Speech): void {
  speaker(speech)({ level: "info", id: null, msg: DEMO_WORDS.over, fields: {} });
}

/** A path as a shell takes it for one word. */
function quoted(path: string, platform: NodeJS.Platform): string {
  if (/^[\w/.:\\~+-]+$/.test(path)) return path;
  return platform === "win32" ? `"${path}"` : `'${path.replace(/'/g, "'\\''")}'`;
}
