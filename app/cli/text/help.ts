import { FLAG_HELP } from "../../assemble/flags.ts";
import { COMMANDS, type CommandName } from "../arguments.ts";
import { pad } from "./cells.ts";
import { COMMAND_HELP } from "./help-texts.ts";

const ANYWHERE = `${FLAG_HELP.ping}
  --json              JSON instead of text
${FLAG_HELP.logLevel}
  -h, --help          this text; after a command: more about it
${FLAG_HELP.version}`;

const GLOBAL = `${FLAG_HELP.places}
${ANYWHERE}`;

const NAME_WIDTH = 22;
const LIST = COMMANDS.map((name) => {
  const { takes, summary } = COMMAND_HELP[name];
  return `  ${pad(`${name} ${takes}`, NAME_WIDTH)} ${summary}`;
}).join("\n");

const OVERVIEW = `Pilot Light keeps the OAuth logins of opencode alive while it is closed.

Usage: pilot-light COMMAND [ID...] [flags]

${LIST}

ID is an ID, a label, or a part of either that fits only one login.

Flags, with any command:
${GLOBAL}

Environment (a flag wins, then this, then the settings):
  PILOT_LIGHT_AUTH_FILE  PILOT_LIGHT_STATE_DIR  PILOT_LIGHT_TOKEN_URL
  PILOT_LIGHT_API_URL  PILOT_LIGHT_PING  NO_COLOR

Exit codes: 0 all well, 1 a login needs you, 2 wrong usage, 3 failed for now,
4 credentials or our own notes unusable (nothing was written).
`;

/** @returns the help for a command, or for all; in 80 columns. */
export function helpText(command: CommandName | null): string {
  if (command === null) return OVERVIEW;
  const { usage, text, examples } = COMMAND_HELP[command];
  const flags =
    command === "demo" ? `Flags of all commands that go with it:\n${ANYWHERE}` : `Flags of all commands:\n${GLOBAL}`;
  const lines = examples.map((example) => `  pilot-light ${example}\n`).join("");
  return `Usage: pilot-light ${command} ${usage}\n\n${text}\n\n${flags}\n\nExamples:\n${lines}`;
}
