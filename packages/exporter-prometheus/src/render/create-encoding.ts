import type { Encoding } from './encoding.ts';
import { ProtobufEncoding } from './protobuf-encoding.ts';
import type { RenderSettings } from './settings.ts';
import { TextEncoding } from './text-encoding.ts';

/** The encoding of a protocol. */
export function createEncoding(settings: RenderSettings): Encoding {
  if (settings.protocol === 'protobuf') return new ProtobufEncoding(settings);
  const openMetrics = settings.protocol.startsWith('openmetrics/');
  return new TextEncoding({ openMetrics, created: openMetrics && settings.created, naming: settings });
}
