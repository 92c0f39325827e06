import { FLAG_HELP } from "../../assemble/flags.ts";
import type { CommandName } from "../arguments.ts";

const ANYWHERE = `${FLAG_HELP.ping}
  --json              JSON instead of text
${FLAG_HELP.logLevel}
  -h, --help          this text; after a command: more about it
${FLAG_HELP.version}`;

const GLOBAL = `${FLAG_HELP.places}
${ANYWHERE}`;

const OVERVIEW = `Pilot Light keeps the OAuth logins of opencode alive while it is closed.

Usage: pilot-light COMMAND [ID...] [flags]

  run [--once]           keep logins alive until stopped; --once: one pass
  status                 show all logins
  accounts               list labels and IDs of all logins
  refresh [ID...|--all]  refresh now (also: renew)
  ping [ID...|--all]     ping now
  pause [ID...|--all]    pause pings; refreshing continues
  resume [ID...|--all]   resume pings
  allow ID               use a login that is on hold, at your risk
  disallow ID            take that back for a shared login
  history [ID]           show what happened to a login, when, and by whom
  rescue [ID]            put a lost or overwritten login back; asks first
  forget ID              erase our safe copy of a removed login now
  settings               show or change settings
  logs [-f] [-n N]       show the log; -f: follow it
  doctor                 check everything and say what to do
  demo                   try it with made-up logins

Flags, with any command:
${GLOBAL}

Environment (a flag wins, then this, then the settings):
  PILOT_LIGHT_AUTH_FILE  PILOT_LIGHT_STATE_DIR  PILOT_LIGHT_TOKEN_URL
  PILOT_LIGHT_API_URL  PILOT_LIGHT_PING  NO_COLOR

Exit codes: 0 all well, 1 a login needs you, 2 wrong usage, 3 failed for now,
4 credentials or our own notes unusable (nothing was written).
`;

const COMMANDS: Readonly<Record<CommandName, string>> = {
  run: `Usage: pilot-light run [--once] [flags]

Keeps logins alive in the foreground: refreshes each before it expires, and
pings it every 30 minutes. Ctrl+C stops it. While another Pilot Light keeps the
same file alive, it shows that one's status, and takes over when that one ends.

  --once  one pass: refresh what is due, ping, show the status, exit

On a terminal it writes plain lines; in a pipe (or with --json) JSON lines.
The log goes to <state dir>/log/, and to stderr where that is no terminal.
`,
  status: `Usage: pilot-light status [--watch] [--json|--format waybar] [flags]

Shows all logins: state, when the access token and the login end, the next
refresh, the last ping, and what to do where a login needs you.
Exit code, by the worst login: 0 well, 1 needs you, 3 waits, 4 unreadable.

  --watch          stays and shows each change, until Ctrl+C; exit code 0
  --format waybar  one JSON line: text, tooltip and class (well, paused,
                   waiting, needsYou or unreadable); exit code 0
`,
  accounts: `Usage: pilot-light accounts [--json] [flags]

Lists labels and IDs: the other commands take either, or a part that fits only
one login.
--json prints the same as "pilot-light status --json".
`,
  refresh: `Usage: pilot-light refresh [ID...|--all] [--json] [flags]

Refreshes now, due or not (also: renew). Without an ID it takes the only login.
A login that has ended is tried once more if you name it.
`,
  ping: `Usage: pilot-light ping [ID...|--all] [--json] [--ping MODE] [flags]

Pings now. Without an ID it takes the only login.
A refused ping does not end a login.

  --ping MODE  profile: reads the profile, asks no model
               message: one tiny message, a few tokens
`,
  pause: `Usage: pilot-light pause [ID...|--all] [--for TIME] [--json] [flags]

Pauses pings, until "pilot-light resume". Refreshing continues.
Without an ID it takes the only login.

  --for TIME  for this long, e.g. 90m, 2h or 1d
`,
  resume: `Usage: pilot-light resume [ID...|--all] [--json] [flags]

Resumes pings. Without an ID it takes the only login.
`,
  allow: `Usage: pilot-light allow ID [--json] [flags]

Uses a login that is on hold. "status" says which of these applies:
  shared    it is refreshed here; the other program may be signed out
  old copy  the older login is used; the provider may refuse it, and may end
            a newer one. "rescue ID" puts a newer one back instead, if kept
  emptied   our safe copy goes back into the file; it may have ended by now
`,
  disallow: `Usage: pilot-light disallow ID [--json] [flags]

Stops refreshing a shared login while another program uses it.
`,
  history: `Usage: pilot-light history [ID] [-n N] [--json] [flags]

What happened, when and by whom, pings included; newest last; removed logins
as well. Tokens appear as fingerprints only.

  -n N  only the N newest (also: --lines N)
`,
  rescue: `Usage: pilot-light rescue [ID] [--yes] [--json] [flags]

Without an ID: lists lost or overwritten logins that our journal can put back.
With an ID: says what it would do, asks, and puts that login back. A pair that
was used up or is being refreshed is never put back. What it replaces stays in
the journal. A removed login can be added again to the flat file only.

  --yes  do not ask; needed with --json and without a terminal
`,
  forget: `Usage: pilot-light forget ID [--json] [flags]

Erases the tokens that we keep of a removed login for 7 days; "status" lists
them. After that, "rescue" cannot put it back. The credential file is not
touched, nobody is signed out, and the history stays.
`,
  settings: `Usage: pilot-light settings [get KEY|set KEY VALUE|unset KEY|path]

Shows all settings and whether each is set or the default; or one of them.
A running keeper uses a change at once, but for authFile and the endpoints.
In pauses.ID, allow.ID.shared and names.ID, ID may be a label as well.
`,
  logs: `Usage: pilot-light logs [-f] [-n N] [--json] [flags]

Shows the log of the state folder, older files included; newest last.

  -n N  only the N newest lines (also: --lines N)
  -f    stays and shows what is added, until Ctrl+C (also: --follow)
`,
  doctor: `Usage: pilot-light doctor [--json] [flags]

Checks the credential file, our own files, locks, lost answers, kept copies,
programs that share a login, the clock and the endpoints, and says what to do.
It changes nothing and sends nothing.
Exit code: 0 no problems, 1 needs you, 4 credentials unreadable.
`,
  demo: `Usage: pilot-light demo [--json] [--ping MODE]

Runs a keeper on four made-up logins with a provider inside this process: two
are refreshed every minute, one ends, one has to wait. Everything is in a
temporary folder that is removed at the end. Ctrl+C stops it.

Nothing of yours is read, changed or sent, so --auth-file, --state-dir,
--token-url, --api-url and the environment are not used.
`,
};

/** @returns the help for a command, or for all; in 80 columns. */
export function helpText(command: CommandName | null): string {
  if (command === null) return OVERVIEW;
  if (command === "demo") return `${COMMANDS.demo}\nFlags of all commands that go with it:\n${ANYWHERE}\n`;
  return `${COMMANDS[command]}\nFlags of all commands:\n${GLOBAL}\n`;
}
