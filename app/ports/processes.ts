/** Names one run of one process across reboots and containers. */
export interface ProcessIdentity {
  readonly boot: string;
  readonly pidNamespace: string;
  readonly pid: number;
  readonly startedAt: string;
}

export interface Processes {
  self(): ProcessIdentity;
  /** "unknown" when it is of another boot or pid namespace, or cannot be judged. */
  judge(identity: ProcessIdentity): Promise<"alive" | "dead" | "unknown">;
}
