import { link, mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';

/** The file operations a log uses; the place where a test makes a disk fail. */
export interface LogFiles {
  readonly open: typeof open;
  readonly readdir: (path: string) => Promise<string[]>;
  readonly readFile: typeof readFile;
  readonly rename: typeof rename;
  readonly unlink: typeof unlink;
  readonly link: typeof link;
  readonly mkdir: typeof mkdir;
}

export const LOG_FILES: LogFiles = {
  open,
  readdir: async (path) => readdir(path),
  readFile,
  rename,
  unlink,
  link,
  mkdir,
};
