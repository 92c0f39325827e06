/** Where a command speaks. */
export interface Output {
  /** Whole lines to standard output. */
  out(text: string): void;
  /** Whole lines to standard error. */
  err(text: string): void;
  /** Is standard output a terminal? */
  readonly terminal: boolean;
  readonly colour: boolean;
  /** Is it a terminal on which the cursor can be moved? */
  readonly moves: boolean;
  /** Aborted once nobody reads standard output any more. */
  readonly gone: AbortSignal;
  /** Cells of a line; asked each time, since a window may be resized. */
  width(): number;
  /** Lines of the terminal, asked each time. */
  height(): number;
}

const PIPED_WIDTH = 80;
const WIDEST = 120;
const USUAL_HEIGHT = 24;

/** Two standard streams as commands see them; a reader that goes away is no error, and what it misses is dropped. */
export function createOutput(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
): Output {
  const write = (stream: NodeJS.WriteStream, gone: AbortController) => {
    stream.on("error", () => gone.abort());
    return (text: string) => {
      if (!gone.signal.aborted) stream.write(text);
    };
  };
  const terminal = isTerminal(stdout);
  const moves = terminal && env["TERM"] !== "dumb";
  const gone = new AbortController();
  return {
    out: write(stdout, gone),
    err: write(stderr, new AbortController()),
    terminal,
    colour: moves && !env["NO_COLOR"],
    moves,
    gone: gone.signal,
    width: () => {
      const { columns } = stdout;
      return terminal && columns > 0 ? Math.min(columns, WIDEST) : PIPED_WIDTH;
    },
    height: () => (terminal && stdout.rows > 0 ? stdout.rows : USUAL_HEIGHT),
  };
}

/** @returns whether `stream` is one; Node leaves `isTTY` out where it is none, whatever the types say. */
export function isTerminal(stream: { readonly isTTY?: boolean | undefined }): boolean {
  return stream.isTTY ?? false;
}

/**
 * From now on a terminal that stands still (Ctrl+S, a connection that is gone) does not hold us: what it does not take waits in
 * memory. Node waits for terminals, and lets nobody change that but by the handle below.
 */
export function goOnUnread(stream: NodeJS.WriteStream): void {
  if (!isTerminal(stream)) return;
  const handle: unknown = Reflect.get(stream, "_handle");
  if (typeof handle !== "object" || handle === null || !("setBlocking" in handle)) return;
  if (typeof handle.setBlocking === "function") Reflect.apply(handle.setBlocking, handle, [false]);
}
