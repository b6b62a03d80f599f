import type { Attributes, HrTime } from '@opentelemetry/api';
import { writeKeyValues } from './any-value.ts';
import type { ProtoWriter } from './proto-writer.ts';
import { TimeHalves } from './time.ts';

/** A sample measurement of a point, as `@nanometer/metrics` attaches it. */
export interface Exemplar {
  readonly value: number;
  readonly timestamp: HrTime;
  readonly filteredAttributes: Attributes;
  /** 32 hex digits. */
  readonly traceId?: string;
  /** 16 hex digits. */
  readonly spanId?: string;
}

const time = new TimeHalves();
const HEX = /^(?:[0-9a-f]{2})+$/i;

/** Writes each exemplar under the one-byte `tag`. A trace or span id that is not hex is left out. */
export function writeExemplars(
  writer: ProtoWriter,
  exemplars: readonly Exemplar[],
  tag: number,
  isInteger: boolean,
): void {
  for (const exemplar of exemplars) {
    writer.reserve(64);
    writer.byte(tag);
    const from = writer.open(0);
    writer.reserve(64);
    time.set(exemplar.timestamp);
    writer.byte(0x11);
    writer.fixed64(time.low, time.high);
    if (isInteger) {
      writer.byte(0x31);
      writer.integer64(exemplar.value);
    } else {
      writer.byte(0x19);
      writer.double(exemplar.value);
    }
    writeId(writer, 0x22, exemplar.spanId);
    writeId(writer, 0x2a, exemplar.traceId);
    writeKeyValues(writer, exemplar.filteredAttributes ?? {}, 0x3a);
    writer.close(from, 0);
  }
}

function writeId(writer: ProtoWriter, tag: number, id: string | undefined): void {
  if (id === undefined || !HEX.test(id)) return;
  const bytes = Buffer.from(id, 'hex');
  writer.reserve(bytes.length + 6);
  writer.byte(tag);
  writer.length(bytes.length);
  writer.raw(bytes);
}
