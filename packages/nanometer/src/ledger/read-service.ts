import {
  ATTR_NANOMETER_DROP_CAUSE,
  METRIC_NANOMETER_OTLP_POINT_DROPPED,
  METRIC_NANOMETER_OTLP_POINT_FORWARDED,
  METRIC_NANOMETER_OTLP_POINT_HELD,
  METRIC_NANOMETER_OTLP_POINT_RECEIVED,
  METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED,
  prometheusLabel,
  prometheusName,
} from '@nanometer/semconv';
import { parseExposition, sumOf, sumsBy } from './exposition.ts';
import { fetchHop } from './fetch-hop.ts';
import type { Hop, ServiceReading } from './hop.ts';
import { updatesOf } from './updates.ts';

const CAUSE = prometheusLabel(ATTR_NANOMETER_DROP_CAUSE);

/** Reads a service's `/metrics`. */
export async function readService(url: URL): Promise<ServiceReading> {
  const exposition = parseExposition(await fetchHop('service', url));
  const target = exposition.samples.find(({ name }) => name === 'target_info')?.labels;
  const name = target?.get('service_name') ?? target?.get('job') ?? url.host;
  const instance = target?.get('service_instance_id') ?? target?.get('instance');
  const sdkDropped = sumsBy(exposition, prometheusName(METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED), CAUSE);
  const received = sumOf(exposition, prometheusName(METRIC_NANOMETER_OTLP_POINT_RECEIVED));
  const forwarded = sumOf(exposition, prometheusName(METRIC_NANOMETER_OTLP_POINT_FORWARDED));
  const sdk: Hop = {
    name: `${name} SDK`,
    unit: 'measurements',
    received: undefined,
    forwarded: undefined,
    held: undefined,
    dropped: sdkDropped,
  };
  const log: Hop = {
    name: `${name} OTLP log`,
    unit: 'points',
    received,
    forwarded,
    held: sumOf(exposition, prometheusName(METRIC_NANOMETER_OTLP_POINT_HELD)),
    dropped: sumsBy(exposition, prometheusName(METRIC_NANOMETER_OTLP_POINT_DROPPED), CAUSE),
    ...(received === undefined ? { note: 'its exporter keeps no account' } : {}),
  };
  return { url: url.href, instance, hops: [sdk, log], forwarded, updates: updatesOf(exposition) };
}
