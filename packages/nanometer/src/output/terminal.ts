/** Where a command writes: data to `out`, progress and notices to `err`. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** A line that the next one replaces; on a stream that is not a terminal each is a line of its own. */
  status(line: string): void;
}

interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** A terminal on two streams. On a TTY the status line is rewritten in place. */
export function createTerminal(stdout: Stream, stderr: Stream): Terminal {
  let statusShown = false;
  const endStatus = (): void => {
    if (statusShown) stderr.write('\n');
    statusShown = false;
  };
  return {
    out: (line) => {
      endStatus();
      stdout.write(`${line}\n`);
    },
    err: (line) => {
      endStatus();
      stderr.write(`${line}\n`);
    },
    status: (line) => {
      if (stderr.isTTY !== true) {
        stderr.write(`${line}\n`);
        return;
      }
      // CSI 2K clears the line, so that a shorter status leaves nothing of a longer one behind.
      stderr.write(`\u001B[2K\r${line}`);
      statusShown = true;
    },
  };
}
