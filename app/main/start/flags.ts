/** What the app was started with: the flags of the command line, and its own. */
import {
  COMMON_FLAGS,
  FLAG_HELP,
  type GivenFlags,
  givenFlags,
  refuseWithDemo,
  splitWords,
  WrongUsage,
} from "../../assemble/flags.ts";

export interface Launch {
  readonly kind: "launch";
  /** Start in the tray, without a window. */
  readonly hidden: boolean;
  readonly demo: boolean;
  /** How long a trouble lasts before a notification tells of it. ms */
  readonly notifyGraceMs: number;
  readonly flags: GivenFlags;
}

export type Asked =
  | Launch
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  /** One sentence for stderr; the exit code is 2. */
  | { readonly kind: "wrong"; readonly sentence: string };

const FLAGS = { ...COMMON_FLAGS, hidden: {}, demo: {}, "notify-grace": { takes: "seconds" } } as const;

/**
 * Switches of Electron and Chromium, which share our command line; their values follow an equals sign. Not a list of all that
 * there is: one that is missing here is refused, which is better than a misspelt flag of ours that is obeyed by nobody.
 */
const FOREIGN =
  /^(-r$|--(no-|disable-|enable-|force-|ignore-|ozone-|gtk-|use-|inspect|remote-(debugging|allow)|js-flags|lang|log-(file|net)|user-data-dir|password-store|proxy-|host-|v$|v=|vmodule|trace-|crash|class|name=|high-dpi|touch|unsafely-|allow-|autoplay|background|original-process-start-time|type=))|^-psn_/;

/** Reads the words after the program (and, in a checkout, after the app's folder). Pure; never throws. */
export function parseAppArguments(words: readonly string[]): Asked {
  // Given whatever else was typed wrong.
  if (words.includes("-h") || words.includes("--help")) return { kind: "help" };
  if (words.includes("--version")) return { kind: "version" };
  try {
    const { flags, plain } = splitWords(words, {
      known: FLAGS,
      help: "--help",
      isForeign: (word) => FOREIGN.test(word),
    });
    const [first] = plain;
    if (first !== undefined) throw new WrongUsage(`The app takes no "${first}"; commands are for pilot-light.`);
    if (flags.has("demo")) refuseWithDemo(flags);
    return {
      kind: "launch",
      hidden: flags.has("hidden"),
      demo: flags.has("demo"),
      notifyGraceMs: graceOf(flags.get("notify-grace")?.[0] ?? (flags.has("demo") ? "10" : "600")),
      flags: givenFlags(flags),
    };
  } catch (error) {
    if (error instanceof WrongUsage) return { kind: "wrong", sentence: error.message };
    throw error;
  }
}

function graceOf(seconds: string): number {
  if (!/^\d{1,6}$/.test(seconds)) throw new WrongUsage("--notify-grace takes whole seconds: 600, say.");
  return Number(seconds) * 1_000;
}

/** @returns the words of `argv` that are meant for us: in a checkout Electron's own first word is the app's folder. */
export function wordsOf(argv: readonly string[], inCheckout: boolean): readonly string[] {
  const words = argv.slice(1);
  if (!inCheckout) return words;
  const folder = words.findIndex((word) => !word.startsWith("-"));
  return words.filter((_, at) => at !== folder);
}

export const APP_HELP = `Pilot Light keeps the OAuth logins of opencode alive, from the tray.

Flags:
  --hidden            start in the tray, without a window
  --notify-grace SECONDS
                      how long a trouble lasts before a notification tells of it
                      (default: 600)
  --demo              made-up logins of a provider on this machine; nothing real is touched
${FLAG_HELP.places}
${FLAG_HELP.ping}
${FLAG_HELP.logLevel}
  -h, --help          this text
${FLAG_HELP.version}
`;
