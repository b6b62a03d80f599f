import { basename } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import type { AttributeDefinition, InstrumentKind, MetricDefinition } from '../src/definition.ts';
import {
  ATTRIBUTE_KEYS,
  ATTRIBUTE_TYPES,
  type Group,
  GROUP_KEYS,
  INSTRUMENT_KINDS,
  METRIC_KEYS,
  VALUE_TYPES,
} from './model.ts';
import { groupOfFile, isUnit, metricNameFault, nameFault, nearest } from './naming.ts';
import type { Problem } from './problem.ts';

/** A group as read, with the place of every name, which the checks across files need. */
export interface ReadGroup {
  readonly group: Group;
  readonly places: ReadonlyMap<object, Problem>;
  readonly problems: readonly Problem[];
}

/** Reads one model file. Never throws on content: what is wrong is in `problems`, each with line and column. */
export function readGroup(path: string, text: string): ReadGroup {
  const file = basename(path);
  const reader = new GroupReader(file, text);
  return { group: reader.read(groupOfFile(path)), places: reader.places, problems: reader.problems };
}

class GroupReader {
  readonly problems: Problem[] = [];
  readonly places = new Map<object, Problem>();
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #root: Node | null;

  constructor(file: string, text: string) {
    this.#file = file;
    const document = parseDocument(text, { lineCounter: this.#lines });
    for (const error of document.errors) this.#report(error.pos[0], error.message.split('\n')[0] ?? error.code);
    this.#root = document.contents;
  }

  read(expectedName: string): Group {
    const empty: Group = { name: expectedName, file: this.#file, brief: '', attributes: [], metrics: [] };
    if (!isMap(this.#root)) {
      if (this.problems.length === 0)
        this.#report(0, 'expected a mapping with the keys group, brief, attributes, metrics');
      return empty;
    }
    const root = this.#root;
    this.#checkKeys(root, GROUP_KEYS);
    const name = this.#text(root, 'group') ?? expectedName;
    if (name !== expectedName)
      this.#at(root, 'group', `group "${name}" must be named after its file, "${expectedName}"`);
    return {
      ...empty,
      brief: this.#text(root, 'brief') ?? '',
      attributes: this.#items(root, 'attributes', false).map((item) => this.#attribute(item)),
      metrics: this.#items(root, 'metrics', true).map((item) => this.#metric(item)),
    };
  }

  #attribute(map: YAMLMap): AttributeDefinition {
    this.#checkKeys(map, ATTRIBUTE_KEYS);
    const name = this.#text(map, 'name') ?? '';
    const fault = name === '' ? undefined : nameFault(name);
    if (fault !== undefined) this.#at(map, 'name', `attribute name "${name}" ${fault}`);
    const attribute: AttributeDefinition = {
      name,
      type: this.#choice(map, 'type', ATTRIBUTE_TYPES) ?? 'string',
      description: this.#text(map, 'description') ?? '',
      examples: this.#list(map, 'examples') as AttributeDefinition['examples'],
    };
    this.#remember(attribute, map);
    return attribute;
  }

  #metric(map: YAMLMap): MetricDefinition {
    this.#checkKeys(map, METRIC_KEYS);
    const name = this.#text(map, 'name') ?? '';
    const fault = name === '' ? undefined : (nameFault(name) ?? metricNameFault(name));
    if (fault !== undefined) this.#at(map, 'name', `metric name "${name}" ${fault}`);
    const kind: InstrumentKind = this.#choice(map, 'instrument', INSTRUMENT_KINDS) ?? 'counter';
    const unit = this.#text(map, 'unit') ?? '';
    if (unit !== '' && !isUnit(unit)) {
      this.#at(map, 'unit', `unit "${unit}" is not UCUM as used here: "s", "By", "1", "{order}", "By/s"`);
    }
    const attributes = this.#list(map, 'attributes', true).map(String);
    const sign = this.#text(map, 'sign', false);
    const window = this.#text(map, 'window', false);
    const buckets = this.#buckets(map, kind);
    const exponentialMaxSize = this.#exponential(map, kind);
    if (kind === 'histogram' && buckets === undefined && !map.has('buckets')) {
      this.#at(map, 'instrument', 'a histogram needs "buckets" (beside "exponential" they serve SDKs without it)');
    }
    const metric: MetricDefinition = {
      name,
      kind,
      unit,
      valueType: this.#choice(map, 'valueType', VALUE_TYPES) ?? 'double',
      description: this.#text(map, 'description') ?? '',
      definition: this.#text(map, 'definition') ?? '',
      attributes,
      ...(sign === undefined ? {} : { sign }),
      ...(window === undefined ? {} : { window }),
      ...(buckets === undefined ? {} : { buckets }),
      ...(exponentialMaxSize === undefined ? {} : { exponentialMaxSize }),
    };
    this.#remember(metric, map);
    return metric;
  }

  #buckets(map: YAMLMap, kind: InstrumentKind): readonly number[] | undefined {
    if (!map.has('buckets')) return undefined;
    if (kind !== 'histogram') this.#at(map, 'buckets', `buckets belong to histograms, not to a ${kind}`);
    const bounds = this.#list(map, 'buckets').map(Number);
    for (let index = 0; index < bounds.length; index++) {
      const bound = bounds[index]!;
      if (!Number.isFinite(bound)) this.#at(map, 'buckets', `bucket bound ${index + 1} is not a finite number`);
      else if (index > 0 && bound <= bounds[index - 1]!) {
        this.#at(map, 'buckets', `bucket bounds must increase: ${bound} follows ${bounds[index - 1]}`);
      }
    }
    return bounds;
  }

  #exponential(map: YAMLMap, kind: InstrumentKind): number | undefined {
    if (!map.has('exponential')) return undefined;
    if (kind !== 'histogram') this.#at(map, 'exponential', `exponential belongs to histograms, not to a ${kind}`);
    const maxSize = map.get('exponential');
    if (typeof maxSize === 'number' && Number.isInteger(maxSize) && maxSize >= 2 && maxSize <= 1024) return maxSize;
    this.#at(map, 'exponential', 'exponential is the largest bucket count per sign, a whole number from 2 to 1024');
    return undefined;
  }

  #checkKeys(map: YAMLMap, allowed: readonly string[]): void {
    for (const pair of map.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      if (allowed.includes(key)) continue;
      const guess = nearest(key, allowed);
      const hint = guess === undefined ? '' : `; did you mean "${guess}"?`;
      this.#report(offset(pair.key), `unknown key "${key}"${hint} (allowed: ${allowed.join(', ')})`);
    }
  }

  #text(map: YAMLMap, key: string, required = true): string | undefined {
    const node = map.get(key, true);
    if (node === undefined) {
      if (required) this.#report(offset(map), `missing "${key}"`);
      return undefined;
    }
    if (isScalar(node) && node.value !== null && node.value !== '')
      return String(node.value as string | number | boolean);
    this.#report(offset(node), `"${key}" must be a text that is not empty`);
    return undefined;
  }

  #choice<T extends string>(map: YAMLMap, key: string, allowed: readonly T[]): T | undefined {
    const value = this.#text(map, key);
    if (value === undefined) return undefined;
    const found = allowed.find((item) => item === value);
    if (found !== undefined) return found;
    const guess = nearest(value, allowed);
    const hint = guess === undefined ? '' : `; did you mean "${guess}"?`;
    this.#at(map, key, `"${key}" is "${value}"${hint} (allowed: ${allowed.join(', ')})`);
    return undefined;
  }

  #list(map: YAMLMap, key: string, required = false): unknown[] {
    const node = map.get(key, true) as Node | undefined;
    if (node === undefined) {
      if (required) this.#report(offset(map), `missing "${key}"`);
      return [];
    }
    if (isSeq(node)) return node.items.map((item) => (isScalar(item) ? item.value : item));
    this.#report(offset(node), `"${key}" must be a list`);
    return [];
  }

  #items(map: YAMLMap, key: string, required: boolean): YAMLMap[] {
    const items = this.#list(map, key, required);
    const maps = items.filter((item): item is YAMLMap => isMap(item));
    if (maps.length < items.length) this.#at(map, key, `every item of "${key}" must be a mapping`);
    return maps;
  }

  #remember(owner: object, map: YAMLMap): void {
    this.places.set(owner, this.#place(offset(map.get('name', true) ?? map), ''));
  }

  #at(map: YAMLMap, key: string, message: string): void {
    this.#report(offset(map.get(key, true) ?? map), message);
  }

  #report(position: number, message: string): void {
    this.problems.push(this.#place(position, message));
  }

  #place(position: number, message: string): Problem {
    const { line, col } = this.#lines.linePos(position);
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1), message };
  }
}

function offset(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}
