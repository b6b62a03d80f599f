import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECKOUT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/**
 * Locates a file or folder of the shared data that lies beside the checkout (`../shared/data`), or where
 * `NANOMETER_SHARED_DATA` points. The data is never part of the repository: a test that needs it skips,
 * and says so, when this returns `undefined`.
 */
export function sharedData(path = ''): string | undefined {
  const root = process.env['NANOMETER_SHARED_DATA'] ?? join(CHECKOUT, '..', 'shared', 'data');
  const found = join(root, path);
  return existsSync(found) ? found : undefined;
}
