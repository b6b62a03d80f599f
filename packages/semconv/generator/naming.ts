import { parse } from 'node:path';

// OpenTelemetry naming: dotted lower-case namespaces, snake_case parts, starts with a letter, at most 255 characters.
const NAME = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*(?:\.[a-z][a-z0-9]*(?:_[a-z0-9]+)*)*$/;

// A unit belongs in the `unit` field; in the name it would be repeated by every exporter that appends it.
const UNIT_SUFFIXES = ['seconds', 'milliseconds', 'bytes', 'ms', 'ns', 'us', 'percent', 'ratio'];

/** Why an attribute's name breaks OpenTelemetry's naming rules, or `undefined` when it does not. */
export function attributeNameFault(name: string): string | undefined {
  if (name.length > 255) return 'is longer than 255 characters';
  if (!NAME.test(name)) return 'must be dotted lower-case namespaces with snake_case parts, starting with a letter';
  if (!name.includes('.')) return 'needs a namespace, as in "trading.order.count"';
  return undefined;
}

/** Why a metric's name breaks OpenTelemetry's naming rules, or `undefined` when it does not. */
export function metricNameFault(name: string): string | undefined {
  const fault = attributeNameFault(name);
  if (fault !== undefined) return fault;
  const words = name.slice(name.lastIndexOf('.') + 1).split('_');
  const last = words.at(-1) ?? '';
  if (last === 'total') return 'must not end in "total"; exporters append it where it is due';
  // `drawdown.ratio` is a word of its own and allowed; `drawdown_ratio` would repeat the unit.
  if (words.length === 1 || !UNIT_SUFFIXES.includes(last)) return undefined;
  return `must not carry the unit "${last}"; it belongs in the unit field`;
}

// What we measure in: seconds, bytes, shares of one, and counts of named things, each also per second or per thing.
const UNIT = /^(?:1|s|By|\{[a-z0-9_]+\})(?:\/(?:s|By|\{[a-z0-9_]+\}))?$/;

const BETTER_UNITS: Readonly<Record<string, string>> = {
  ns: 's',
  us: 's',
  ms: 's',
  min: 's',
  h: 's',
  d: 's',
  seconds: 's',
  B: 'By',
  bytes: 'By',
  kBy: 'By',
  KiBy: 'By',
  MBy: 'By',
  MiBy: 'By',
  '%': '1',
  percent: '1',
  ratio: '1',
};

/** Why a unit is not one we measure in, or `undefined` when it is: base units of UCUM, so that no two metrics differ by a factor. */
export function unitFault(unit: string): string | undefined {
  if (UNIT.test(unit)) return undefined;
  const better = BETTER_UNITS[unit] ?? (/^[a-z0-9_]+$/.test(unit) ? `{${unit}}` : undefined);
  const hint = better === undefined ? '' : `; did you mean "${better}"?`;
  return `is not one of ours${hint} (allowed: 1, s, By, {thing}, each also "/s", "/By" or "/{thing}")`;
}

// A published answer by its id, or a test by its file and name.
const PROOF = /^(?:vector:[a-z0-9][a-zA-Z0-9._-]*|test:packages\/[a-z-]+\/test\/[a-z0-9/.-]+\.test\.ts#.+)$/;

/** Why an entry of `proof` can name nothing that would prove a metric, or `undefined` when it can. */
export function proofFault(entry: string): string | undefined {
  if (PROOF.test(entry)) return undefined;
  return 'must be "vector:ID" or "test:packages/NAME/test/FILE.test.ts#NAME OF A TEST"';
}

/** `trading.order.count` → `TRADING_ORDER_COUNT`. */
export function constantName(name: string): string {
  return name.toUpperCase().replaceAll('.', '_');
}

/** `model/trading.yaml` → `trading`. */
export function groupOfFile(file: string): string {
  return parse(file).name;
}

/** `; did you mean "…"?` with the nearest of `allowed` within two edits, or nothing. */
export function didYouMean(word: string, allowed: Iterable<string>): string {
  const guess = nearest(word, allowed);
  return guess === undefined ? '' : `; did you mean "${guess}"?`;
}

function nearest(word: string, allowed: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = 3;
  for (const candidate of allowed) {
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
