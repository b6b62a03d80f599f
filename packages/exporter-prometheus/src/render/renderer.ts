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
import { FamilyWriter } from './family-writer.ts';
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
      if (this.#encoding.needsSize) yield* this.#updateThenWrite(family, chunks, counts);
      else yield* this.#updateAndWrite(family, chunks, counts);
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

  /**
   * Writes each series as it is brought up to date, while its memory is at hand, up to the first that is another one than
   * before: whether a series repeats an earlier one depends on those before it only, so what is written stays true.
   */
  *#updateAndWrite(family: Family, chunks: Chunks, counts: RenderedCounts): Generator<void> {
    const writer = new FamilyWriter(family.head, this.#encoding, chunks);
    let isSettled = !family.isChanged;
    let settled = 0;
    for (const member of family.members) {
      const points = member.data.dataPoints as readonly Point[];
      for (let index = 0; index < points.length; index++) {
        const block = this.#updateSeries(family, member, points[index]!);
        if (isSettled && member.blocks.isMoved) isSettled = false;
        if (isSettled && block !== undefined) {
          writer.write(block);
          settled++;
        }
        if (index % STEP_SERIES === STEP_SERIES - 1) yield;
      }
    }
    if (!isSettled) {
      markRepeats(family);
      yield* this.#writeFrom(settled, family, writer);
    }
    this.#conclude(family, writer, counts);
    yield;
  }

  /** For a format whose heads say how long the family is. */
  *#updateThenWrite(family: Family, chunks: Chunks, counts: RenderedCounts): Generator<void> {
    for (const member of family.members) {
      const points = member.data.dataPoints as readonly Point[];
      for (let index = 0; index < points.length; index++) {
        this.#updateSeries(family, member, points[index]!);
        if (index % STEP_SERIES === STEP_SERIES - 1) yield;
      }
    }
    if (family.isChanged || family.members.some(({ blocks }) => blocks.isMoved)) markRepeats(family);
    yield;
    let bytes = 0;
    for (const { blocks } of family.members) {
      for (const { block } of blocks.blocks) if (!block.isRepeat) bytes += block.length;
    }
    const writer = new FamilyWriter(family.head, this.#encoding, chunks, bytes);
    yield* this.#writeFrom(0, family, writer);
    this.#conclude(family, writer, counts);
  }

  *#writeFrom(first: number, family: Family, writer: FamilyWriter): Generator<void> {
    let position = 0;
    for (const { blocks } of family.members) {
      for (const { block } of blocks.blocks) {
        if (position++ < first) continue;
        writer.write(block);
        if (position % STEP_SERIES === 0) yield;
      }
    }
  }

  #conclude({ members }: Family, writer: FamilyWriter, counts: RenderedCounts): void {
    counts.forwarded += writer.written;
    if (writer.repeats > 0) this.#drops.count('name_collision', writer.repeats, members[0]!.descriptor.name);
  }

  #updateSeries(family: Family, member: Member, point: Point): SeriesBlock | undefined {
    try {
      return member.blocks.take(point, () => {
        const labels = labelsOf(point.attributes ?? {}, this.#settings, member.scopeLabels);
        return this.#encoding.createBlock(family.head, [...labels, ...member.scopeLabels], point);
      });
    } catch (error) {
      // A point of a foreign producer, or attributes with a getter that throws: the other series go on.
      const cause = error instanceof UnwritablePoint ? error.dropCause : 'invalid_point';
      this.#drops.count(cause, 1, member.descriptor.name);
      return undefined;
    }
  }
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
