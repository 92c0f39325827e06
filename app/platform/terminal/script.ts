/** What runs in the terminal: the command, what came of it, and then the window stays open. Pure. */
import { programMissing, TERMINAL_WORDS } from "../../shared/words/window/terminal.ts";

export interface Script {
  readonly fileName: string;
  readonly text: string;
}

/** Plain words only: whatever reads it, there is nothing in it to be read otherwise. */
const PLAIN = /^[\w@./-]+( [\w@./=-]+)*$/;

/** @returns the script for this system; null where the command is not of plain words. */
export function scriptFor(command: string, platform: NodeJS.Platform): Script | null {
  if (!PLAIN.test(command)) return null;
  const [program = command] = command.split(" ");
  return platform === "win32"
    ? { fileName: "sign-in.cmd", text: batch(command, program) }
    : { fileName: "sign-in.command", text: shell(command, program) };
}

/** Where the PATH of the app lacks the program, the user's login shell may know it. */
function shell(command: string, program: string): string {
  const say = (sentence: string) => `printf '%s\\n' ${quoted(sentence)}`;
  return `#!/bin/sh
# Made by Pilot Light for one sign-in. It removes itself.
rm -f -- "$0"
rmdir -- "$(dirname -- "$0")" 2>/dev/null
# Ctrl+C ends the command, not this window.
trap : INT
shell=\${SHELL:-/bin/sh}
printf '%s\\n\\n' ${quoted(`$ ${command}`)}
if command -v ${program} >/dev/null 2>&1; then
  ${command}
  code=$?
else
  case $shell in
    */csh | */tcsh) "$shell" -c ${quoted(command)} ;;
    # With an end of its own the shell stays, and gives the terminal back.
    *) "$shell" -lic ${quoted(`${command}; exit`)} ;;
  esac
  code=$?
fi
echo
case $code in
  0) ${say(TERMINAL_WORDS.done)} ;;
  127) ${say(programMissing(program))} ;;
  *) printf '%s %s.\\n' ${quoted(TERMINAL_WORDS.failed)} "$code" ;;
esac
${say(TERMINAL_WORDS.close)}
exec "$shell"
`;
}

function batch(command: string, program: string): string {
  const say = (sentence: string) => `echo ${sentence.replaceAll(/[&<>()@^|"]/g, "^$&")}`;
  const lines = [
    "@echo off",
    `where ${program} >nul 2>nul`,
    "if errorlevel 1 goto missing",
    say(`> ${command}`),
    // Without `call` a program that is a script itself would end this one.
    `call ${command}`,
    "if errorlevel 1 goto failed",
    "echo.",
    say(TERMINAL_WORDS.done),
    "goto end",
    ":failed",
    `${say(TERMINAL_WORDS.failed)} %errorlevel%.`,
    "goto end",
    ":missing",
    say(programMissing(program)),
    ":end",
    say(TERMINAL_WORDS.close),
  ];
  return `${lines.join("\r\n")}\r\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
