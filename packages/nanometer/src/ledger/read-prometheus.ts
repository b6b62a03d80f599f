import { fetchJson } from './fetch-hop.ts';
import type { Updates } from './hop.ts';
import { familyKey } from './updates.ts';

interface QueryAnswer {
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: readonly [number, string] }[];
  };
}

function isQueryAnswer(value: unknown): value is QueryAnswer {
  const data = (value as Partial<QueryAnswer> | null)?.data;
  return Array.isArray(data?.result) && data.result.every(({ value: pair }) => Array.isArray(pair));
}

/** Asks a Prometheus server for its sums of these families, whatever unit it spells; of one service instance when it is known. */
export async function readPrometheus(
  base: URL,
  keys: Iterable<string>,
  instance: string | undefined,
): Promise<Updates> {
  const sums = new Map<string, number>();
  const list = [...keys];
  if (list.length === 0) return sums;
  const ofInstance = instance === undefined ? '' : `,instance=${JSON.stringify(instance)}`;
  const names = list.map((key) => key.replace(/_(?:total|count)$/, '(_[a-z_]+)?$&')).join('|');
  const query = `sum by (__name__) ({__name__=~"${names}"${ofInstance}})`;
  const { data } = await fetchJson('prometheus', new URL('api/v1/query', base), isQueryAnswer, { query });
  const wanted = new Set(list);
  for (const { metric, value } of data.result) {
    const key = familyKey(metric['__name__'] ?? '');
    if (wanted.has(key)) sums.set(key, (sums.get(key) ?? 0) + Number(value[1]));
  }
  return sums;
}
