import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type YAMLMap,
} from 'yaml';
import type { AttributeDefinition, InstrumentKind, MetricDefinition } from '../src/definition.ts';
import {
  ATTRIBUTE_KEYS,
  ATTRIBUTE_TYPES,
  type Card,
  type Group,
  GROUP_KEYS,
  INSTRUMENT_KINDS,
  METRIC_KEYS,
  VALUE_TYPES,
} from './model.ts';
import { attributeNameFault, didYouMean, groupOfFile, metricNameFault, proofFault, unitFault } from './naming.ts';
import type { Place, Problem } from './problem.ts';

/** A metric's mention of an attribute, with its place. */
export interface Reference {
  readonly metric: string;
  readonly attribute: string;
  readonly place: Place;
}

/** A group as read, with what the checks across files need: where every name is declared and every attribute mentioned. */
export interface ReadGroup {
  readonly group: Group;
  readonly places: ReadonlyMap<AttributeDefinition | MetricDefinition, Place>;
  readonly references: readonly Reference[];
  readonly problems: readonly Problem[];
}

/** Reads one model file. Never throws on content: what is wrong is in `problems`, each with line and column. */
export function readGroup(file: string, text: string): ReadGroup {
  const reader = new GroupReader(file, text);
  const group = reader.read(groupOfFile(file));
  return { group, places: reader.places, references: reader.references, problems: reader.problems };
}

class GroupReader {
  readonly problems: Problem[] = [];
  readonly places = new Map<AttributeDefinition | MetricDefinition, Place>();
  readonly references: Reference[] = [];
  readonly #cards = new Map<MetricDefinition, Card>();
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document;
  /** Mappings with a key that is not known: what they miss is most likely that key, misspelled, and is not reported again. */
  readonly #misspelled = new Set<YAMLMap>();

  constructor(file: string, text: string) {
    this.#file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines });
    for (const error of this.#document.errors) this.#report(error.pos[0], error.message.split('\n')[0] ?? error.code);
  }

  read(expectedName: string): Group {
    const empty: Group = { name: expectedName, brief: '', attributes: [], metrics: [], cards: this.#cards };
    // After a syntax error the content is a guess, and complaints about it would bury the one that matters.
    if (this.problems.length > 0) return empty;
    const root = this.#document.contents;
    if (!isMap(root)) {
      this.#report(0, 'expected a mapping with the keys group, brief, attributes, metrics');
      return empty;
    }
    this.#checkKeys(root, GROUP_KEYS);
    const name = this.#text(root, 'group') ?? expectedName;
    if (name !== expectedName) {
      this.#at(root, 'group', `group "${name}" must be named after its file, "${expectedName}"`);
    }
    return {
      name: expectedName,
      brief: this.#text(root, 'brief') ?? '',
      attributes: this.#items(root, 'attributes', 'optional').map((item) => this.#attribute(item)),
      metrics: this.#items(root, 'metrics', 'required').map((item) => this.#metric(item)),
      cards: this.#cards,
    };
  }

  #attribute(map: YAMLMap): AttributeDefinition {
    this.#checkKeys(map, ATTRIBUTE_KEYS);
    const name = this.#checked(map, 'name', attributeNameFault, 'attribute name') ?? '';
    const type = this.#choice(map, 'type', ATTRIBUTE_TYPES) ?? 'string';
    const examples = this.#list(map, 'examples', 'optional', (value): value is string | number | boolean =>
      type === 'int' ? Number.isInteger(value) : typeof value === (type === 'double' ? 'number' : type),
    );
    const attribute = { name, type, description: this.#text(map, 'description') ?? '', examples };
    this.places.set(attribute, this.#placeOf(map, 'name'));
    return attribute;
  }

  #metric(map: YAMLMap): MetricDefinition {
    this.#checkKeys(map, METRIC_KEYS);
    const name = this.#checked(map, 'name', metricNameFault, 'metric name') ?? '';
    const kind: InstrumentKind = this.#choice(map, 'instrument', INSTRUMENT_KINDS) ?? 'counter';
    const sign = this.#text(map, 'sign', false);
    const window = this.#text(map, 'window', false);
    const buckets = this.#buckets(map, kind);
    const exponentialMaxSize = this.#exponential(map, kind);
    const metric: MetricDefinition = {
      name,
      kind,
      unit: this.#checked(map, 'unit', unitFault, 'unit') ?? '',
      valueType: this.#choice(map, 'valueType', VALUE_TYPES) ?? 'double',
      description: this.#text(map, 'description') ?? '',
      definition: this.#text(map, 'definition') ?? '',
      attributes: this.#references(map, name),
      ...(sign === undefined ? {} : { sign }),
      ...(window === undefined ? {} : { window }),
      ...(buckets === undefined ? {} : { buckets }),
      ...(exponentialMaxSize === undefined ? {} : { exponentialMaxSize }),
    };
    this.places.set(metric, this.#placeOf(map, 'name'));
    this.#cards.set(metric, this.#card(map));
    return metric;
  }

  #card(map: YAMLMap): Card {
    const minimum = this.#text(map, 'minimum', false);
    const reference = this.#text(map, 'reference', false);
    const origin = this.#text(map, 'origin', false);
    if (reference !== undefined && origin !== undefined) {
      this.#at(map, 'origin', '"origin" says why there is no "reference": a metric has one of them');
    }
    const proof = this.#list(map, 'proof', 'optional', (entry, position): entry is string => {
      const fault = typeof entry === 'string' ? proofFault(entry) : 'is no text';
      if (fault !== undefined) this.#report(position, `proof "${String(entry)}" ${fault}`);
      // Reported here with what would be right, so that the list need not call it a stranger as well.
      return true;
    });
    return {
      proof,
      ...(minimum === undefined ? {} : { minimum }),
      ...(reference === undefined ? {} : { reference }),
      ...(origin === undefined ? {} : { origin }),
    };
  }

  #references(map: YAMLMap, metric: string): string[] {
    const names: string[] = [];
    this.#list(map, 'attributes', 'required', (attribute, position): attribute is string => {
      if (typeof attribute !== 'string') return false;
      if (names.includes(attribute)) this.#report(position, `attribute "${attribute}" is listed twice`);
      names.push(attribute);
      this.references.push({ metric, attribute, place: this.#place(position) });
      return true;
    });
    return names;
  }

  #buckets(map: YAMLMap, kind: InstrumentKind): readonly number[] | undefined {
    if (!map.has('buckets')) {
      if (kind === 'histogram' && !this.#misspelled.has(map)) {
        this.#at(map, 'instrument', 'a histogram needs "buckets" (beside "exponential" they serve SDKs without it)');
      }
      return undefined;
    }
    if (kind !== 'histogram') this.#at(map, 'buckets', `buckets belong to histograms, not to a ${kind}`);
    let previous = Number.NEGATIVE_INFINITY;
    const bounds = this.#list(map, 'buckets', 'filled', (bound, position): bound is number => {
      if (typeof bound !== 'number' || !Number.isFinite(bound)) return false;
      if (bound <= previous) this.#report(position, `bucket bounds must increase: ${bound} follows ${previous}`);
      previous = bound;
      return true;
    });
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
    for (const { key } of map.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (allowed.includes(name)) continue;
      this.#misspelled.add(map);
      this.#report(offset(key), `unknown key "${name}"${didYouMean(name, allowed)} (allowed: ${allowed.join(', ')})`);
    }
  }

  /** A text that ends up in a table cell and a comment: one line, not empty. */
  #text(map: YAMLMap, key: string, required = true): string | undefined {
    const node = this.#node(map, key);
    if (node === undefined) {
      if (required) this.#missing(map, key);
      return undefined;
    }
    const text = isScalar(node) && typeof node.value === 'string' ? node.value.trim() : '';
    if (text !== '' && !text.includes('\n')) return text;
    this.#at(map, key, `"${key}" must be a text of one line that is not empty (quote a number)`);
    return undefined;
  }

  #checked(map: YAMLMap, key: string, faultOf: (text: string) => string | undefined, what: string): string | undefined {
    const text = this.#text(map, key);
    const fault = text === undefined ? undefined : faultOf(text);
    if (fault !== undefined) this.#at(map, key, `${what} "${text}" ${fault}`);
    return text;
  }

  #choice<T extends string>(map: YAMLMap, key: string, allowed: readonly T[]): T | undefined {
    const value = this.#text(map, key);
    const found = allowed.find((item) => item === value);
    if (value !== undefined && found === undefined) {
      this.#at(map, key, `"${key}" is "${value}"${didYouMean(value, allowed)} (allowed: ${allowed.join(', ')})`);
    }
    return found;
  }

  /** The values of a list that `accepts` takes; every other item is reported at its place. */
  #list<T>(
    map: YAMLMap,
    key: string,
    need: 'optional' | 'required' | 'filled',
    accepts: (value: unknown, position: number) => value is T,
  ): T[] {
    const node = this.#node(map, key);
    if (node === undefined && need !== 'optional') this.#missing(map, key);
    if (node === undefined) return [];
    if (!isSeq(node)) {
      this.#at(map, key, `"${key}" must be a list`);
      return [];
    }
    if (need === 'filled' && node.items.length === 0) this.#at(map, key, `"${key}" must not be empty`);
    const accepted: T[] = [];
    for (const item of node.items) {
      const value: unknown = isScalar(item) ? item.value : item;
      if (accepts(value, offset(item))) accepted.push(value);
      else this.#report(offset(item), `${shown(item)} does not belong in "${key}"`);
    }
    return accepted;
  }

  #items(map: YAMLMap, key: string, need: 'optional' | 'required'): YAMLMap[] {
    return this.#list(map, key, need, (item): item is YAMLMap => isMap(item));
  }

  #missing(map: YAMLMap, key: string): void {
    if (!this.#misspelled.has(map)) this.#report(offset(map), `missing "${key}"`);
  }

  #node(map: YAMLMap, key: string): Node | undefined {
    const node = map.get(key, true) as Node | undefined;
    // An alias of nothing stays an alias, which is neither a text nor a list.
    return isAlias(node) ? (node.resolve(this.#document) ?? node) : node;
  }

  #placeOf(map: YAMLMap, key: string): Place {
    return this.#place(offset(map.get(key, true) ?? map));
  }

  #at(map: YAMLMap, key: string, message: string): void {
    this.#report(offset(map.get(key, true) ?? map), message);
  }

  #report(position: number, message: string): void {
    this.problems.push({ ...this.#place(position), message });
  }

  #place(position: number): Place {
    const { line, col } = this.#lines.linePos(position);
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function shown(item: unknown): string {
  return isScalar(item) ? String(item.source ?? item.value) : 'this item';
}

function offset(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}
