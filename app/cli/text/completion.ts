/** The scripts that make a shell complete. All that they know they ask the program: each line is a word, a tab, what it is. */
import { COMPLETE } from "../arguments.ts";

/** What a script is told where it should offer files. */
export const FILES = ":files";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** @returns the script for this shell. */
export function completionScript(shell: Shell): string {
  switch (shell) {
    case "bash":
      return BASH;
    case "zsh":
      return ZSH;
    case "fish":
      return FISH;
  }
}

// bash splits at "=", and leaves quotes and backslashes in the words.
const BASH = `# bash completion for pilot-light
_pilot_light() {
  local at word about quoted cur=\${COMP_WORDS[COMP_CWORD]} words=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    [[ $word == = ]] && continue
    word=\${word#[\\"\\']} word=\${word%[\\"\\']}
    words+=("\${word//\\\\/}")
  done
  [[ $cur == = ]] && cur=
  local open=
  [[ $cur == [\\"\\']* ]] && open=1
  word=\${cur#[\\"\\']}
  words+=("\${word//\\\\/}")
  COMPREPLY=()
  while IFS=$'\\t' read -r word about; do
    if [[ $word == ${FILES} ]]; then
      compopt -o default 2>/dev/null
      return
    fi
    if [[ $open ]]; then quoted=$word; else printf -v quoted %q "$word"; fi
    COMPREPLY+=("$quoted")
  done < <(command pilot-light ${COMPLETE} -- "\${words[@]}" 2>/dev/null)
}
complete -F _pilot_light pilot-light
`;

const ZSH = `#compdef pilot-light
_pilot_light() {
  local word about
  local -a names texts
  while IFS=$'\\t' read -r word about; do
    if [[ $word == ${FILES} ]]; then
      _files
      return
    fi
    names+=("$word")
    texts+=("$word\${about:+  -- $about}")
  done < <(command pilot-light ${COMPLETE} -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)
  (( $#names )) && compadd -l -d texts -a names
}
if [[ $funcstack[1] == _pilot-light ]]; then
  _pilot_light "$@"
else
  compdef _pilot_light pilot-light
fi
`;

const FISH = `# fish completion for pilot-light
function __pilot_light_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct | string unescape)
  for line in (command pilot-light ${COMPLETE} -- $words[2..-1] "$current" 2>/dev/null)
    if test "$line" = ${FILES}
      __fish_complete_path "$current"
    else
      printf '%s\\n' "$line"
    end
  end
end
complete -c pilot-light -f -a '(__pilot_light_complete)'
`;
