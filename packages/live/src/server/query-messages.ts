/** Of the subscription that a URL makes. */
const SUBSCRIPTION_ID = 0;
const ATTRIBUTE_PREFIX = 'attributes.';

/**
 * What a client would have sent, read from the query of its URL, so that a tool that only receives needs one line:
 * `?format=json&names=risk.*&attributes.trading.symbol=BTCUSDT&topics=alerts`. Lists are separated by commas. The
 * messages go through the same checks as any other.
 */
export function queryMessages(query: URLSearchParams): string[] {
  const messages: string[] = [];
  const names = list(query, 'names');
  if (names !== undefined) messages.push(JSON.stringify(subscribeMessage(query, names)));
  const topics = list(query, 'topics');
  if (topics !== undefined) messages.push(JSON.stringify({ type: 'listen', topics }));
  return messages;
}

function subscribeMessage(query: URLSearchParams, names: readonly string[]): Record<string, unknown> {
  const attributes = [...new Set(query.keys())]
    .filter((key) => key.startsWith(ATTRIBUTE_PREFIX))
    .map((key) => [key.slice(ATTRIBUTE_PREFIX.length), attribute(list(query, key)!)] as const);
  const interval = query.get('minIntervalMs');
  return {
    type: 'subscribe',
    id: SUBSCRIPTION_ID,
    names,
    ...(attributes.length === 0 ? {} : { attributes: Object.fromEntries(attributes) }),
    fields: list(query, 'fields'),
    lane: query.get('lane') ?? undefined,
    delivery: query.get('delivery') ?? undefined,
    minIntervalMs: interval === null ? undefined : Number(interval),
  };
}

/** One value ending in `*` is a prefix. */
function attribute(values: readonly string[]): unknown {
  const [first = ''] = values;
  return values.length === 1 && first.endsWith('*') ? { prefix: first.slice(0, -1) } : values;
}

function list(query: URLSearchParams, key: string): string[] | undefined {
  const values = query.getAll(key).flatMap((value) => value.split(','));
  return values.length === 0 ? undefined : values;
}
