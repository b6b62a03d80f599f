import { readFileSync } from 'node:fs';
import type { LiveTlsOptions } from '@nanometer/live';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';

/**
 * Certificate and key in PEM, from the files that `--tls-cert` and `--tls-key` name; undefined when neither is given.
 *
 * @throws CliError `INCOMPATIBLE_OPTIONS` for one without the other, `FILE_UNREADABLE`.
 */
export function tlsFrom(certFile: string | undefined, keyFile: string | undefined): LiveTlsOptions | undefined {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    const [given, missing] = certFile === undefined ? ['--tls-key', '--tls-cert'] : ['--tls-cert', '--tls-key'];
    throw new CliError(
      'INCOMPATIBLE_OPTIONS',
      EXIT.usage,
      `${given} is given and ${missing} is not`,
      'give both, in PEM',
    );
  }
  return { cert: pem('--tls-cert', certFile), key: pem('--tls-key', keyFile) };
}

function pem(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError('FILE_UNREADABLE', EXIT.config, `${option} cannot be read: ${why}`);
  }
}
