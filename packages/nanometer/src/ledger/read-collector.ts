import { parseExposition, sumOf } from './exposition.ts';
import { fetchHop } from './fetch-hop.ts';
import type { CollectorReading, ExporterReading } from './hop.ts';

/** Reads the collector's own metrics; with or without the `_total` that its telemetry can be told to leave away. `name` is what it is called here. */
export async function readCollector(url: URL, name: string): Promise<CollectorReading> {
  const exposition = parseExposition(await fetchHop('collector', url));
  const values = (metric: string): { exporter: string; permanent: boolean; value: number }[] =>
    exposition.samples
      .filter(({ name }) => name === metric || name === `${metric}_total`)
      .map(({ labels, value }) => ({
        exporter: labels.get('exporter') ?? '',
        permanent: labels.get('error_permanent') === 'true',
        value,
      }));
  const accepted = 'otelcol_receiver_accepted_metric_points';
  const exporters = new Map<string, ExporterReading>();
  const add = (name: string, change: (before: ExporterReading) => Partial<ExporterReading>): void => {
    const before = exporters.get(name) ?? { name, sent: 0, dropped: {}, queued: 0 };
    exporters.set(name, { ...before, ...change(before) });
  };
  const drop = (name: string, cause: string, value: number): void =>
    add(name, ({ dropped }) => ({ dropped: { ...dropped, [cause]: (dropped[cause] ?? 0) + value } }));
  for (const { exporter, value } of values('otelcol_exporter_sent_metric_points')) {
    add(exporter, ({ sent }) => ({ sent: sent + value }));
  }
  for (const { exporter, value } of values('otelcol_exporter_queue_size')) {
    add(exporter, ({ queued }) => ({ queued: queued + value }));
  }
  for (const { exporter, value } of values('otelcol_exporter_enqueue_failed_metric_points')) {
    drop(exporter, 'enqueue_failed', value);
  }
  for (const { exporter, permanent, value } of values('otelcol_exporter_send_failed_metric_points')) {
    // What failed for the moment is tried again.
    if (permanent) drop(exporter, 'send_failed', value);
  }
  return {
    name,
    accepted: sumOf(exposition, accepted) ?? sumOf(exposition, `${accepted}_total`) ?? 0,
    exporters: [...exporters.values()].filter(({ name }) => name !== ''),
  };
}
