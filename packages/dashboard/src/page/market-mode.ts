import type { Source } from './store/sources.ts';

const MODE = 'nanometer.market.mode';
const NAME = 'nanometer.market.name';

/**
 * What a reader must know before believing any number: `simulated market`, `replay NAME`, or `undefined` when no
 * running source says that its market is anything but real.
 */
export function marketMode(sources: readonly Source[]): string | undefined {
  for (const { resource, superseded } of sources) {
    if (superseded) continue;
    const mode = resource[MODE];
    if (mode === 'simulated') return 'simulated market';
    if (mode === 'replay') {
      const name = resource[NAME];
      return name === undefined ? 'replay' : `replay ${String(name)}`;
    }
  }
  return undefined;
}
