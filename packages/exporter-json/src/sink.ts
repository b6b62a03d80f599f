/** Takes lines, one at a time. */
export interface Sink {
  /** Resolves when the line, its newline included, was taken. @throws JsonError `WRITE_FAILED` or `REFUSED` */
  write(line: string): Promise<void>;
  close(): Promise<void>;
}
