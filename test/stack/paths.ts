import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout. */
export const CHECKOUT: string = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The configuration that docker-compose.yml mounts. */
export const COLLECTOR_CONFIG: string = join(CHECKOUT, 'collector-config');
