/** What the owner file of a lock says. Times in ms of the wall clock. */
import { type ProcessIdentity } from "../../ports/processes.ts";
export interface LockOwner extends ProcessIdentity {
  /** Names one acquisition. */
  readonly nonce: string;
  readonly since: number;
  /** The last sign of life. */
  readonly at: number;
}

/**
 * @returns the text of an owner file. For one acquisition it always has the same length, whatever `beat` and `at` are:
 * it is rewritten in place, and a reader in the middle of that still finds whole JSON with the right nonce.
 */
export function ownerText(owner: LockOwner, beat: number): string {
  const { nonce, boot, pidNamespace, pid, startedAt, since } = owner;
  const life = { beat: digits(beat, 10), at: digits(owner.at, 16) };
  return `${JSON.stringify({ nonce, boot, pidNamespace, pid, startedAt, since, ...life })}\n`;
}

function digits(value: number, width: number): string {
  return String(Math.max(0, Math.trunc(value)))
    .padStart(width, "0")
    .slice(-width);
}

type Fields = { readonly [K in keyof LockOwner]?: unknown };

/** @returns the owner that `text` names, or null when it names none (empty, half-written, of another kind). */
export function parseOwner(text: string): LockOwner | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const fields: Fields = { ...value };
  const { nonce, boot, pidNamespace, pid, startedAt, since } = fields;
  const at = Number(fields.at);
  if (typeof nonce !== "string" || nonce === "") return null;
  if (typeof boot !== "string" || typeof pidNamespace !== "string" || typeof startedAt !== "string") return null;
  if (typeof pid !== "number" || !Number.isInteger(pid) || pid <= 0) return null;
  if (typeof since !== "number" || !Number.isFinite(at)) return null;
  return { nonce, boot, pidNamespace, pid, startedAt, since, at };
}
