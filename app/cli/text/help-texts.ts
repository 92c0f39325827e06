import type { CommandName } from "../arguments.ts";

/** What is said of a command; in 80 columns. */
export interface CommandHelp {
  /** What follows its name in the list of all commands, in 21 columns with the name. */
  readonly takes: string;
  /** A few words for that list and for a shell that completes it. */
  readonly summary: string;
  /** What follows its name in its own help. */
  readonly usage: string;
  readonly text: string;
  /** One or two lines to copy, without the program's name. */
  readonly examples: readonly string[];
}

/** All of them, in the order in which they are listed. */
export const COMMAND_HELP: Readonly<Record<CommandName, CommandHelp>> = {
  run: {
    takes: "[--once]",
    summary: "keep logins alive until stopped; --once: one pass",
    usage: "[--once] [flags]",
    text: `Keeps logins alive in the foreground: refreshes each before it expires, and
pings it every 30 minutes. Ctrl+C stops it. While another Pilot Light keeps the
same file alive, it shows that one's status, and takes over when that one ends.

  --once  one pass: refresh what is due, ping, show the status, exit

On a terminal it writes plain lines; in a pipe (or with --json) JSON lines.
The log goes to <state dir>/log/, and to stderr where that is no terminal.`,
    examples: ["run --ping off", "run --once --json"],
  },
  status: {
    takes: "[--watch]",
    summary: "show all logins; --watch: at each change",
    usage: "[--watch] [--json|--format waybar] [flags]",
    text: `Shows all logins: state, when the access token and the login end, the next
refresh, the last ping, and what to do where a login needs you.
Exit code, by the worst login: 0 well, 1 needs you, 3 waits, 4 unreadable.

  --watch          stays and shows each change, until Ctrl+C; exit code 0
  --format waybar  one JSON line: text, tooltip and class (well, paused,
                   waiting, needsYou or unreadable); exit code 0`,
    examples: ["status --watch", "status --format waybar --watch"],
  },
  accounts: {
    takes: "",
    summary: "list labels and IDs of all logins",
    usage: "[--json] [flags]",
    text: `Lists labels and IDs: the other commands take either, or a part that fits only
one login. --json prints the same as "pilot-light status --json".`,
    examples: ["accounts"],
  },
  refresh: {
    takes: "[ID...|--all]",
    summary: "refresh now (also: renew)",
    usage: "[ID...|--all] [--json] [flags]",
    text: `Refreshes now, due or not (also: renew). Without an ID it takes the only login.
A login that has ended is tried once more if you name it.`,
    examples: ["refresh work", "refresh --all"],
  },
  ping: {
    takes: "[ID...|--all]",
    summary: "ping now",
    usage: "[ID...|--all] [--json] [--ping MODE] [flags]",
    text: `Pings now. Without an ID it takes the only login.
A refused ping does not end a login.

  --ping MODE  profile: reads the profile, asks no model
               message: one tiny message, a few tokens`,
    examples: ["ping work --ping profile"],
  },
  pause: {
    takes: "[ID...|--all]",
    summary: "pause pings; refreshing continues",
    usage: "[ID...|--all] [--for TIME] [--json] [flags]",
    text: `Pauses pings, until "pilot-light resume". Refreshing continues.
Without an ID it takes the only login.

  --for TIME  for this long, e.g. 90m, 2h or 1d`,
    examples: ["pause --all --for 2h", "pause work"],
  },
  resume: {
    takes: "[ID...|--all]",
    summary: "resume pings",
    usage: "[ID...|--all] [--json] [flags]",
    text: "Resumes pings. Without an ID it takes the only login.",
    examples: ["resume --all"],
  },
  allow: {
    takes: "ID",
    summary: "use a login that is on hold, at your risk",
    usage: "ID [--json] [flags]",
    text: `Uses a login that is on hold. "status" says which of these applies:
  shared    it is refreshed here; the other program may be signed out
  old copy  the older login is used; the provider may refuse it, and may end
            a newer one. "rescue ID" puts a newer one back instead, if kept
  emptied   our safe copy goes back into the file; it may have ended by now`,
    examples: ["allow work"],
  },
  disallow: {
    takes: "ID",
    summary: "take that back for a shared login",
    usage: "ID [--json] [flags]",
    text: "Stops refreshing a shared login while another program uses it.",
    examples: ["disallow work"],
  },
  history: {
    takes: "[ID] [-n N]",
    summary: "show what happened to a login, when, and by whom",
    usage: "[ID] [-n N] [--json] [flags]",
    text: `What happened, when and by whom, pings included; newest last; removed logins
as well. Of one login a sentence sums it up first. Tokens appear as
fingerprints only.

  -n N  only the N newest (also: --lines N)`,
    examples: ["history -n 20", "history work"],
  },
  rescue: {
    takes: "[ID]",
    summary: "put a lost or overwritten login back; asks first",
    usage: "[ID] [--yes] [--json] [flags]",
    text: `Without an ID: lists lost or overwritten logins that our journal can put back.
With an ID: says what it would do, asks, and puts that login back. A pair that
was used up or is being refreshed is never put back. What it replaces stays in
the journal. A removed login can be added back only where the file holds one
login per provider.

  --yes  do not ask; needed with --json and without a terminal`,
    examples: ["rescue", "rescue work"],
  },
  forget: {
    takes: "ID",
    summary: "erase our safe copy of a removed login now",
    usage: "ID [--json] [flags]",
    text: `Erases the tokens that we keep of a removed login for 7 days; "status" lists
them. After that, "rescue" cannot put it back. The credential file is not
touched, nobody is signed out, and the history stays.`,
    examples: ["forget work"],
  },
  settings: {
    takes: "",
    summary: "show or change settings",
    usage: "[get KEY|set KEY VALUE|unset KEY|path] [--json]",
    text: `Shows all settings and whether each is set or the default; or one of them.
A running keeper uses a change at once, but for authFile and the endpoints.
In pauses.ID, allow.ID.shared and names.ID, ID may be a label as well.`,
    examples: ["settings set ping.mode off", "settings set names.work office"],
  },
  logs: {
    takes: "[-f] [-n N]",
    summary: "show the log; -f: follow it",
    usage: "[-f] [-n N] [--json] [flags]",
    text: `Shows the log of the state folder, older files included; newest last.

  -n N  only the N newest lines (also: --lines N)
  -f    stays and shows what is added, until Ctrl+C (also: --follow)`,
    examples: ["logs -f", "logs -n 50"],
  },
  open: {
    takes: "",
    summary: "show the window of the running app",
    usage: "[--json] [flags]",
    text: `Shows the window of the app that runs with the same state folder, wherever it
is hidden. It starts no app.
Exit code: 0 the window is open, 3 no app runs here.`,
    examples: ["open"],
  },
  doctor: {
    takes: "",
    summary: "check everything and say what to do",
    usage: "[--json] [flags]",
    text: `Checks the credential file, our own files, locks, lost answers, kept copies,
programs that share a login, the clock and the endpoints, and says what to do.
It changes nothing and sends nothing.
Exit code: 0 no problems, 1 needs you, 4 credentials unreadable.`,
    examples: ["doctor"],
  },
  completion: {
    takes: "SHELL",
    summary: "print what makes bash, zsh or fish complete",
    usage: "bash|zsh|fish",
    text: `Prints a script with which the Tab key completes commands, flags, labels and
IDs. This line goes into the start file of your shell:

  ~/.bashrc                    source <(pilot-light completion bash)
  ~/.zshrc, after compinit     source <(pilot-light completion zsh)
  ~/.config/fish/config.fish   pilot-light completion fish | source`,
    examples: ["completion zsh > _pilot-light", "completion fish | source"],
  },
  demo: {
    takes: "",
    summary: "try it with made-up logins",
    usage: "[--json] [--ping MODE]",
    text: `Runs a keeper on four made-up logins with a provider inside this process: two
are refreshed every minute, one ends, one has to wait. Everything is in a
temporary folder that is removed at the end. Ctrl+C stops it.

Nothing of yours is read, changed or sent, so --auth-file, --state-dir,
--token-url, --api-url and the environment are not used.`,
    examples: ["demo"],
  },
};
