import { type AlertBook, isHandled } from '../feed/alert-book.ts';
import type { Link } from '../feed/link.ts';
import { formatCount, NO_DATA } from '../format.ts';
import type { TileContent } from '../view/tile.ts';

/**
 * How many alerts fire that nobody deals with, and the worst of them. A bridge without rules tells none, which is not the
 * same as none firing.
 *
 * @param silentMs - time since anything was heard, shown while the link is lost.
 */
export function alertsTile(book: AlertBook, link: Link, silentMs: number): TileContent {
  const freshness = { state: link.phase === 'open' ? 'fresh' : 'stale', ageMs: Math.max(0, silentMs) } as const;
  if (!book.known) return { value: NO_DATA, details: ['no rules told'], freshness };
  const firing = book.active.filter(({ state }) => state === 'firing');
  const pressing = firing.filter((row) => !isHandled(row));
  const [worst] = pressing;
  const handled = firing.length - pressing.length;
  return {
    value: formatCount(pressing.length),
    tone: worst === undefined ? '' : worst.severity === 'critical' ? 'alarm' : 'warn',
    details: [worst?.rule ?? 'nothing fires', handled > 0 ? `${formatCount(handled)} dealt with` : ''],
    freshness,
  };
}
