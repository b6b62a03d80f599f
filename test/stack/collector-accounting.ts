/** The collector's own counts of data points, from its metrics endpoint. */
export interface CollectorCounts {
  readonly accepted: number;
  readonly refused: number;
  /** Delivered, by exporter. */
  readonly sent: ReadonlyMap<string, number>;
  /** Given up for good, all exporters. */
  readonly lost: number;
  /** Bytes waiting in the queues, all exporters. */
  readonly queued: number;
}

/** Reads the counts. */
export async function collectorCounts(metricsPort: number): Promise<CollectorCounts> {
  const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`, { signal: AbortSignal.timeout(5_000) });
  return parseCollectorMetrics(await response.text());
}

/** Reads the counts out of the text. */
export function parseCollectorMetrics(text: string): CollectorCounts {
  const sum = (pattern: RegExp): number => [...values(text, pattern)].reduce((total, { value }) => total + value, 0);
  const sent = new Map<string, number>();
  for (const { labels, value } of values(text, /^otelcol_exporter_sent_metric_points$/)) {
    const exporter = /exporter="([^"]*)"/.exec(labels)?.[1] ?? '';
    sent.set(exporter, (sent.get(exporter) ?? 0) + value);
  }
  const failed = [...values(text, /^otelcol_exporter_send_failed_metric_points$/)];
  return {
    accepted: sum(/^otelcol_receiver_accepted_metric_points$/),
    refused: sum(/^otelcol_receiver_refused_metric_points$/),
    sent,
    lost:
      sum(/^otelcol_exporter_enqueue_failed_metric_points$/) +
      // Temporary failures are retried; they are not losses.
      failed.filter(({ labels }) => labels.includes('error_permanent="true"')).reduce((t, { value }) => t + value, 0),
    queued: sum(/^otelcol_exporter_queue_size$/),
  };
}

function* values(text: string, name: RegExp): Generator<{ labels: string; value: number }> {
  for (const line of text.split('\n')) {
    const [, family = '', labels = '', value = ''] = /^([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)/.exec(line) ?? [];
    if (name.test(family)) yield { labels, value: Number(value) };
  }
}
