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
  status                 all logins at a glance
  accounts               the IDs of the logins
  refresh [ID...|--all]  refresh now (also: renew)
  ping [ID...|--all]     ping now
  pause [ID...|--all]    pause pings; refreshing goes on
  resume [ID...|--all]   pings go on
  allow ID               refresh a shared login, or use an old copy
  disallow ID            take that back
  history [ID]           what happened to a login, when, and by whom
  rescue [ID]            put a lost or overwritten login back; asks first
  forget ID              erase our safe copy of a removed login at once
  doctor                 is all in order? paths, locks, clock, what to do
  demo                   made-up logins and a provider of their own, to look at

Flags, with any command:
${GLOBAL}

Environment (a flag wins, then this, then the settings):
  PILOT_LIGHT_AUTH_FILE  PILOT_LIGHT_STATE_DIR  PILOT_LIGHT_TOKEN_URL
  PILOT_LIGHT_API_URL  PILOT_LIGHT_PING  NO_COLOR

Exit codes: 0 all well, 1 a login needs you, 2 wrong usage, 3 failed for now and
will be tried again, 4 credentials or our own
notes unusable (nothing was written).
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
  status: `Usage: pilot-light status [--json] [flags]

Shows all logins: their state, until when the access token lasts, when it is
refreshed, until when the login lasts, the last ping; and what you can do where
one needs you.
The exit code tells the worst: 0 all well, 1 needs you, 3 waits, 4 unreadable.
`,
  accounts: `Usage: pilot-light accounts [--json] [flags]

Lists the IDs of the logins, as the other commands take them.
--json prints the same document as "pilot-light status --json".
`,
  refresh: `Usage: pilot-light refresh [ID...|--all] [--json] [flags]

Refreshes now, due or not (also: renew). Without an ID it takes the only login.
A login that has ended is tried once more if you name it.
`,
  ping: `Usage: pilot-light ping [ID...|--all] [--json] [--ping MODE] [flags]

Pings now. Without an ID it takes the only login.
A refused ping changes nothing.

  --ping MODE  profile: reads the profile, asks no model
               message: one tiny message, a few tokens
`,
  pause: `Usage: pilot-light pause [ID...|--all] [--for TIME] [--json] [flags]

Pauses pings, until "pilot-light resume". Refreshing goes on.
Without an ID it takes the only login.

  --for TIME  only so long, such as 90m, 2h or 1d
`,
  resume: `Usage: pilot-light resume [ID...|--all] [--json] [flags]

Pings go on. Without an ID it takes the only login.
`,
  allow: `Usage: pilot-light allow ID [--json] [flags]

Refreshes a login although another program also uses it (it may be signed out
there); or uses an old copy that came back; or puts our safe copy back into an
entry that another program emptied. "status" says which of these it would be.
`,
  disallow: `Usage: pilot-light disallow ID [--json] [flags]

Takes "allow" back: the login is not refreshed while another program uses it.
`,
  history: `Usage: pilot-light history [ID] [--json] [flags]

What happened, when and by whom; newest last; also of logins that are gone.
Tokens appear as fingerprints only.
`,
  rescue: `Usage: pilot-light rescue [ID] [--yes] [--json] [flags]

Without an ID: lists logins that were lost or overwritten and of which our
journal still holds a pair that may live, with when, how, and what happened.
With one: says what it would do, asks, and puts that pair back. It is never one
that was used up, or of which a refresh is still open. What it takes the place
of stays in the journal. A removed login is added again (flat file only).

  --yes  does not ask; needed where nobody can be asked, and with --json
`,
  forget: `Usage: pilot-light forget ID [--json] [flags]

After a login was signed out, its newest tokens are kept for 7 days, in case
that was a mistake. This erases them at once; "status" says which there are.
What is still in the file is not touched. Forgetting signs nobody out.
`,
  doctor: `Usage: pilot-light doctor [--json] [flags]

Looks at all that keeping logins alive rests on: the credential file and our
notes, who holds the locks, refreshes of which the answer is not known, copies
that are kept, other programs with the same logins, the clock, the endpoints;
and says what to do. It changes nothing and sends nothing.
The exit code: 0 nothing is bad, 1 needs you, 4 credentials unreadable.
`,
  demo: `Usage: pilot-light demo [--json] [--ping MODE]

Runs a keeper on four made-up logins, with a provider inside this process whose
tokens are short-lived: two logins that are refreshed each minute, one that
ends, one that has to wait. All of it is in a temporary folder, which is
removed at the end; nothing of yours is read, changed or sent. Ctrl+C stops it.

It brings its own file, folder and provider, so --auth-file, --state-dir,
--token-url and --api-url do not go with it, and the environment is not asked.
`,
};

/** @returns the help for a command, or for all; in 80 columns. */
export function helpText(command: CommandName | null): string {
  if (command === null) return OVERVIEW;
  if (command === "demo") return `${COMMANDS.demo}\nFlags of all commands that go with it:\n${ANYWHERE}\n`;
  return `${COMMANDS[command]}\nFlags of all commands:\n${GLOBAL}\n`;
}
