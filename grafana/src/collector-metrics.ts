/*
 * The collector's own metrics, as its Prometheus endpoint prints them. They belong to another project and are therefore
 * not in our registry; the stack test runs every expression that uses them against a real collector.
 */
export const COLLECTOR_ACCEPTED = 'otelcol_receiver_accepted_metric_points';
export const COLLECTOR_REFUSED = 'otelcol_receiver_refused_metric_points';
export const COLLECTOR_SENT = 'otelcol_exporter_sent_metric_points';
export const COLLECTOR_SEND_FAILED = 'otelcol_exporter_send_failed_metric_points';
export const COLLECTOR_ENQUEUE_FAILED = 'otelcol_exporter_enqueue_failed_metric_points';
export const COLLECTOR_QUEUE_SIZE = 'otelcol_exporter_queue_size';
export const COLLECTOR_QUEUE_CAPACITY = 'otelcol_exporter_queue_capacity';
