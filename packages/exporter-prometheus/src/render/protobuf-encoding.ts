import { toUSVString } from 'node:util';
import type { Label, LabelNaming } from '../labels/label-set.ts';
import type { Encoding, FamilyHead, SeriesBlock } from './encoding.ts';
import type { FamilyType, Point } from './point.ts';
import { CounterBlock, FAMILY, GaugeBlock, HistogramProtobufBlock } from './protobuf-blocks.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

const TYPES: Readonly<Record<FamilyType, number>> = { counter: 0, gauge: 1, histogram: 4 };

/** Delimited `io.prometheus.client.MetricFamily` messages, exponential histograms as native ones. */
export class ProtobufEncoding implements Encoding {
  readonly needsSize = true;
  readonly end: Uint8Array = new Uint8Array(0);
  readonly #naming: LabelNaming;

  constructor(naming: LabelNaming) {
    this.#naming = naming;
  }

  claims(name: string, type: FamilyType): readonly string[] {
    return type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
  }

  createBlock({ type }: FamilyHead, labels: readonly Label[], point: Point): SeriesBlock {
    if (type === 'histogram') return new HistogramProtobufBlock(labels, point, this.#naming);
    if (type === 'counter') return new CounterBlock(labels, point, this.#naming);
    const block = new GaugeBlock(point.attributes, labels, 0);
    block.update(point);
    return block;
  }

  head({ name, type, help, unit }: FamilyHead, seriesBytes: number): Uint8Array {
    const message = new ProtobufWriter();
    message.string(FAMILY.name, name);
    if (help !== '') message.string(FAMILY.help, toUSVString(help));
    message.uint(FAMILY.type, TYPES[type]);
    if (unit !== '') message.string(FAMILY.unit, unit);
    const delimited = new ProtobufWriter();
    delimited.bareVarint(message.length + seriesBytes);
    delimited.raw(message.bytes);
    return delimited.bytes;
  }

  targetInfo(labels: readonly Label[]): Uint8Array {
    const block = new GaugeBlock({}, labels, 1);
    const head = this.head({ name: 'target_info', type: 'gauge', help: 'Target metadata', unit: '' }, block.length);
    return Buffer.concat([head, block.bytes]);
  }
}
