import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';

/**
 * The history's file in a folder, which is made when missing.
 *
 * @throws CliError `HISTORY_UNUSABLE`.
 */
export function historyIn(folder: string): { readonly path: string } {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = 'choose another folder with --history DIR';
    throw new CliError('HISTORY_UNUSABLE', EXIT.config, `the folder ${folder} cannot be made: ${why}`, hint);
  }
  return { path: join(folder, 'history.sqlite') };
}
