import type { InstrumentationScope } from '@opentelemetry/core';
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { prometheusUnit } from '@nanometer/semconv';
import type { DropCounts } from '../drop-counts.ts';
import { type Label, labelsOf } from '../labels/label-set.ts';
import { escapeMetricName } from '../names/escaping.ts';
import { familyName } from '../names/translation.ts';
import type { Chunks } from './chunks.ts';
import { createEncoding } from './create-encoding.ts';
import { type Encoding, type FamilyHead, type SeriesBlock, UnwritablePoint } from './encoding.ts';
import { Family, type Member } from './family.ts';
import { familyTypeOf, type FamilyType, type Point } from './point.ts';
import { constantLabels, scopeLabels } from './resource-labels.ts';
import type { RenderSettings } from './settings.ts';

const CUMULATIVE = 1;
/** Series between two looks at the clock. */
const STEP_SERIES = 32;

interface NamedMetric {
  readonly name: string;
  readonly metricName: string;
  readonly unit: string;
  readonly type: FamilyType;
}

/** What became of the points of one collection. */
export interface RenderedCounts {
  received: number;
  forwarded: number;
}

/**
 * Writes collections in one format. Everything that does not change from one to the next (names, labels, heads, lines but
 * for their values) is kept, and forgotten with the metric or series it belongs to.
 */
export class Renderer {
  readonly #settings: RenderSettings;
  readonly #drops: DropCounts;
  readonly #encoding: Encoding;
  readonly #families = new Map<string, Family>();
  readonly #names = new WeakMap<object, NamedMetric>();
  #constants: readonly Label[] = [];
  #round = 0;

  constructor(settings: RenderSettings, drops: DropCounts) {
    this.#settings = settings;
    this.#drops = drops;
    this.#encoding = createEncoding(settings);
  }

  /** Writes a collection into `chunks`, yielding where it can pause. One at a time. */
  *render(collection: ResourceMetrics, chunks: Chunks, counts: RenderedCounts): Generator<void> {
    const round = ++this.#round;
    this.#adoptConstants(collection);
    const claimed = new Set<string>();
    if (!this.#settings.withoutTargetInfo) this.#addTargetInfo(collection, chunks, claimed);
    const families = this.#plan(collection, claimed, counts);
    yield;
    for (const family of families) {
      yield* this.#update(family);
      yield* this.#write(family, chunks, counts);
      family.end();
    }
    chunks.append(this.#encoding.end);
    for (const [name, family] of this.#families) if (family.round !== round) this.#families.delete(name);
  }

  #adoptConstants({ resource }: ResourceMetrics): void {
    const constants = constantLabels(resource.attributes, this.#settings);
    if (JSON.stringify(constants) === JSON.stringify(this.#constants)) return;
    this.#constants = constants;
    this.#families.clear();
  }

  #addTargetInfo({ resource }: ResourceMetrics, chunks: Chunks, claimed: Set<string>): void {
    chunks.append(this.#encoding.targetInfo(labelsOf(resource.attributes, this.#settings)));
    claimed.add('target_info').add('target');
  }

  /** Sorts metrics into families, in the order in which these first appear. */
  #plan({ scopeMetrics }: ResourceMetrics, claimed: Set<string>, counts: RenderedCounts): Family[] {
    const families: Family[] = [];
    for (const { scope, metrics } of scopeMetrics) {
      for (const metric of metrics) {
        counts.received += metric.dataPoints.length;
        const family = this.#familyOf(metric, claimed, families);
        family?.add(scope, metric, () => this.#labelsOfScope(scope));
      }
    }
    return families;
  }

  #familyOf(metric: MetricData, claimed: Set<string>, families: Family[]): Family | undefined {
    const named = this.#nameOf(metric);
    const points = metric.dataPoints.length;
    if (named === undefined) {
      this.#drops.count('invalid_point', points, metric.descriptor.name);
      return undefined;
    }
    if ((metric.aggregationTemporality as number) !== CUMULATIVE && named.type !== 'gauge') {
      this.#drops.count('delta_temporality', points, metric.descriptor.name);
      return undefined;
    }
    const { name, type } = named;
    const known = this.#families.get(name);
    if (known?.round === this.#round) {
      if (known.head.type !== type) {
        this.#drops.count('type_conflict', points, metric.descriptor.name);
        return undefined;
      }
      if (known.head.help !== metric.descriptor.description) this.#warnOfHelp(name);
      return known;
    }
    const claims = this.#encoding.claims(name, type);
    if (claims.some((claim) => claimed.has(claim))) {
      this.#drops.count('type_conflict', points, metric.descriptor.name);
      return undefined;
    }
    for (const claim of claims) claimed.add(claim);
    const head = this.#headOf(named, metric);
    const family = known !== undefined && isSameHead(known.head, head) ? known : new Family(head);
    this.#families.set(name, family);
    family.begin(this.#round);
    families.push(family);
    return family;
  }

  #warnOfHelp(name: string): void {
    this.#drops.warnOnce(`help ${name}`, `metrics of "${name}" have different descriptions; the first one is shown`);
  }

  #headOf({ name, unit, type }: NamedMetric, metric: MetricData): FamilyHead {
    return { name, type, help: metric.descriptor.description, unit: prometheusUnit(unit) };
  }

  #nameOf(metric: MetricData): NamedMetric | undefined {
    const { descriptor } = metric;
    const type = familyTypeOf(metric);
    if (type === undefined || typeof descriptor.name !== 'string') return undefined;
    const unit = typeof descriptor.unit === 'string' ? descriptor.unit : '';
    const known = this.#names.get(descriptor);
    if (known?.metricName === descriptor.name && known.unit === unit && known.type === type) return known;
    const { prefix, strategy, escaping } = this.#settings;
    const naming = {
      name: prefix === '' ? descriptor.name : `${prefix}_${descriptor.name}`,
      unit,
      monotonic: type === 'counter',
      gauge: type === 'gauge' && (metric.dataPointType as number) === 2,
    };
    const name = escapeMetricName(familyName(naming, strategy), escaping);
    const named: NamedMetric = { name, metricName: descriptor.name, unit, type };
    this.#names.set(descriptor, named);
    return named;
  }

  #labelsOfScope(scope: InstrumentationScope): readonly Label[] {
    return [...this.#constants, ...scopeLabels(scope, this.#settings)];
  }

  *#update(family: Family): Generator<void> {
    for (const member of family.members) {
      const points = member.data.dataPoints as readonly Point[];
      for (let index = 0; index < points.length; index++) {
        this.#updateSeries(family, member, points[index]!);
        if (index % STEP_SERIES === STEP_SERIES - 1) yield;
      }
    }
    if (family.isChanged || family.members.some(({ blocks }) => blocks.isChanged)) markRepeats(family);
    yield;
  }

  #updateSeries(family: Family, member: Member, point: Point): void {
    try {
      member.blocks.take(point, () => {
        const labels = labelsOf(point.attributes ?? {}, this.#settings, member.scopeLabels);
        return this.#encoding.createBlock(family.head, [...labels, ...member.scopeLabels], point);
      });
    } catch (error) {
      // A point of a foreign producer, or attributes with a getter that throws: the other series go on.
      const cause = error instanceof UnwritablePoint ? error.dropCause : 'invalid_point';
      this.#drops.count(cause, 1, member.descriptor.name);
    }
  }

  *#write(family: Family, chunks: Chunks, counts: RenderedCounts): Generator<void> {
    let bytes = 0;
    let series = 0;
    for (const { blocks, descriptor } of family.members) {
      for (const { block } of blocks.blocks) {
        if (block.isRepeat) this.#drops.count('name_collision', 1, descriptor.name);
        else {
          bytes += block.length;
          series++;
        }
      }
    }
    // A head without series says nothing.
    if (series === 0) return;
    counts.forwarded += series;
    chunks.append(this.#encoding.head(family.head, bytes));
    yield;
    for (const { blocks } of family.members) {
      const { blocks: written } = blocks;
      for (let index = 0; index < written.length; index++) {
        appendBlock(written[index]!.block, chunks);
        if (index % STEP_SERIES === STEP_SERIES - 1) yield;
      }
    }
  }
}

function appendBlock(block: SeriesBlock, chunks: Chunks): void {
  if (!block.isRepeat) block.appendTo(chunks);
}

function isSameHead(a: FamilyHead, b: FamilyHead): boolean {
  return a.type === b.type && a.help === b.help && a.unit === b.unit;
}

/** Prometheus refuses, or silently drops, a series that comes twice: the first one stays. */
function markRepeats(family: Family): void {
  const keys = new Set<string>();
  for (const { blocks } of family.members) {
    for (const { block } of blocks.blocks) {
      block.isRepeat = keys.has(block.key);
      keys.add(block.key);
    }
  }
}
