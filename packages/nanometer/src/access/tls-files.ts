import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { LiveTlsOptions } from '@nanometer/live';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';

/**
 * Certificate and key in PEM, from the files that `--tls-cert` and `--tls-key` name; undefined when neither is given.
 *
 * @throws CliError `INCOMPATIBLE_OPTIONS` for one without the other, `FILE_UNREADABLE`, and `TLS_INVALID` for files that are no pair.
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
  const cert = pem('--tls-cert', certFile);
  const key = pem('--tls-key', keyFile);
  usable({ cert }, '--tls-cert', certFile, 'a certificate in PEM, "-----BEGIN CERTIFICATE-----"');
  usable({ key }, '--tls-key', keyFile, 'a private key in PEM without a passphrase, "-----BEGIN PRIVATE KEY-----"');
  usable({ cert, key }, '--tls-key', keyFile, `the key of ${certFile}`);
  return { cert, key };
}

function usable(options: SecureContextOptions, option: string, file: string, expected: string): void {
  try {
    createSecureContext(options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError('TLS_INVALID', EXIT.config, `${option} ${file} cannot be used: ${why}`, `expected ${expected}`);
  }
}

function pem(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError('FILE_UNREADABLE', EXIT.config, `${option} cannot be read: ${why}`);
  }
}
