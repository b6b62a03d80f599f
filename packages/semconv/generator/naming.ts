import { parse } from 'node:path';

// OpenTelemetry naming: dotted lower-case namespaces, snake_case parts, starts with a letter, at most 255 characters.
const NAME = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*(?:\.[a-z][a-z0-9]*(?:_[a-z0-9]+)*)*$/;

// A unit belongs in the `unit` field; in the name it would be repeated by every exporter that appends it.
const UNIT_SUFFIXES = ['seconds', 'milliseconds', 'bytes', 'ms', 'ns', 'us', 'percent', 'ratio'];

/** Why a metric or attribute name breaks OpenTelemetry's naming rules, or `undefined` when it does not. */
export function nameFault(name: string): string | undefined {
  if (name.length > 255) return 'is longer than 255 characters';
  if (!NAME.test(name)) return 'must be dotted lower-case namespaces with snake_case parts, starting with a letter';
  if (!name.includes('.')) return 'needs a namespace, as in "trading.order.count"';
  return undefined;
}

/** Why a name is not fit for a metric in particular. */
export function metricNameFault(name: string): string | undefined {
  const last = name.split('.').at(-1) ?? '';
  if (last === 'total' || last.endsWith('_total'))
    return 'must not end in "total"; exporters append it where it is due';
  const words = last.split('_');
  const unit = UNIT_SUFFIXES.find((suffix) => words.length > 1 && words.at(-1) === suffix);
  // `drawdown.ratio` is a word of its own and allowed; `drawdown_ratio` would repeat the unit.
  return unit === undefined ? undefined : `must not carry the unit "${unit}"; it belongs in the unit field`;
}

const UCUM =
  /^(?:1|%|\{[a-z0-9_]+\}|[A-Za-z]+(?:\/(?:[A-Za-z]+|\{[a-z0-9_]+\}))?|\{[a-z0-9_]+\}\/(?:[A-Za-z]+|\{[a-z0-9_]+\}))$/;

/** Whether a unit is in the part of UCUM we use: `1`, `%`, `s`, `By`, `By/s`, `{order}`, `{order}/s`. */
export function isUnit(unit: string): boolean {
  return UCUM.test(unit);
}

/** `trading.order.count` → `TRADING_ORDER_COUNT`. */
export function constantName(name: string): string {
  return name.toUpperCase().replaceAll(/[.]/g, '_');
}

/** `model/trading.yaml` → `trading`. */
export function groupOfFile(file: string): string {
  return parse(file).name;
}

/** The nearest of `allowed` within two edits, for "did you mean". */
export function nearest(word: string, allowed: Iterable<string>): string | undefined {
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
