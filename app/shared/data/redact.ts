const MARK = "[redacted]";

/**
 * The last net under the rule that no token is ever logged or shown: blots out whatever looks like one in a text. Tokens are
 * named by fingerprint (32 hex characters), which passes.
 */
export function redact(line: string): string {
  return line
    .replace(/\bsk-[\w-]{4,}/g, MARK)
    .replace(/\b(Bearer|Basic)\s+[^\s"\\]{12,}/gi, `$1 ${MARK}`)
    .replace(/\beyJ[\w-]{8,}(\.[\w-]*)*/g, MARK)
    .replace(/[\w+/=~.-]{40,}/g, blotRun);
}

/** A run of token characters may be a path: those are judged by their parts. */
function blotRun(run: string): string {
  // Only where a row of these begins: begun at each of them, it would be looked through again and again.
  const core = run.replace(/(?<![.~=])[.~=]+$/, "");
  const mixed = /[a-z]/.test(core) && /[A-Z]/.test(core) && /\d/.test(core);
  if (core.length >= 60 && mixed && !core.startsWith("/") && !/[.~_-]/.test(core)) return MARK;
  return run
    .split("/")
    .map((part) => (part.length >= 40 && (/\d/.test(part) || /[a-z][A-Z]/.test(part)) ? MARK : part))
    .join("/");
}
