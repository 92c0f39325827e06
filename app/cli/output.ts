/** Where a command speaks. */
export interface Output {
  /** Whole lines to standard output. */
  out(text: string): void;
  /** Whole lines to standard error. */
  err(text: string): void;
  /** Is standard output a terminal? */
  readonly terminal: boolean;
  readonly colour: boolean;
  /** Cells of a line; asked each time, since a window may be resized. */
  width(): number;
}

const PIPED_WIDTH = 80;
const WIDEST = 120;

/** Two standard streams as commands see them; a reader that goes away is no error, and what it misses is dropped. */
export function createOutput(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
): Output {
  const write = (stream: NodeJS.WriteStream) => {
    let broken = false;
    stream.on("error", () => {
      broken = true;
    });
    return (text: string) => {
      if (!broken) stream.write(text);
    };
  };
  const terminal = isTerminal(stdout);
  return {
    out: write(stdout),
    err: write(stderr),
    terminal,
    colour: terminal && !env["NO_COLOR"] && env["TERM"] !== "dumb",
    width: () => {
      const { columns } = stdout;
      return terminal && columns > 0 ? Math.min(columns, WIDEST) : PIPED_WIDTH;
    },
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
