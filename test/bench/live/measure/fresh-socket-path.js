import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A path for a Unix socket, in a folder that goes with this process. */
export function freshSocketPath() {
  const folder = mkdtempSync(join(tmpdir(), 'nanometer-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'bridge.sock');
}
