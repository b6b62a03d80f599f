import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate for localhost, made for this run by openssl. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  /** File of the certificate. */
  readonly path: string;
}

let made: Promise<TestCertificate> | undefined;

/** One per process that runs tests. */
export function testCertificate(): Promise<TestCertificate> {
  made ??= make();
  return made;
}

async function make(): Promise<TestCertificate> {
  const folder = await mkdtemp(join(tmpdir(), 'nanometer-certificate-'));
  const [keyPath, path] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const files = ['-keyout', keyPath, '-out', path];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await promisify(execFile)('openssl', ['req', '-x509', ...kind, ...subject, ...files]);
  return { cert: await readFile(path, 'utf8'), key: await readFile(keyPath, 'utf8'), path };
}
