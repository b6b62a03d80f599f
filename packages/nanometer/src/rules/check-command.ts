import { readRules } from '@nanometer/alerting';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Terminal } from '../output/terminal.ts';
import { rulesError } from './rules-error.ts';

/** `nanometer rules check FILE…`: every mistake of every file. */
export function checkFiles(files: readonly string[], json: boolean, terminal: Terminal): ExitCode {
  let exit: ExitCode = EXIT.ok;
  for (const file of files) {
    try {
      const { rules } = readRules(file);
      if (json)
        terminal.out(JSON.stringify({ file, ok: true, rules: rules.map(({ name, tiers }) => ({ name, tiers })) }));
      else terminal.out(`${file}: ${rules.length} rules, no mistakes`);
    } catch (error) {
      const { message, problems } = rulesError(error);
      exit = EXIT.config;
      if (json) terminal.out(JSON.stringify({ file, ok: false, problems }));
      else terminal.err(message);
    }
  }
  return exit;
}
