// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Format that a Prometheus endpoint and its scraper agreed on. */
export const ATTR_NANOMETER_SCRAPE_PROTOCOL = "nanometer.scrape.protocol" as const;

/** How long a scrape took; its count is the number of scrapes. One that got nothing, or not all, carries `error.type`. Unit `s`. */
export const METRIC_NANOMETER_PROMETHEUS_SCRAPE_DURATION: MetricDefinition<'histogram'> = {
  "name": "nanometer.prometheus.scrape.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "How long a scrape took; its count is the number of scrapes. One that got nothing, or not all, carries `error.type`.",
  "definition": "From the request to the last byte handed to the socket.",
  "attributes": [
    "nanometer.scrape.protocol",
    "error.type"
  ],
  "buckets": [
    0.0005,
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1,
    2.5,
    5,
    10
  ]
};

/** Bytes of expositions sent, compressed ones as sent. Unit `By`. */
export const METRIC_NANOMETER_PROMETHEUS_RESPONSE_SIZE: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.prometheus.response.size",
  "kind": "observablecounter",
  "unit": "By",
  "valueType": "int",
  "description": "Bytes of expositions sent, compressed ones as sent.",
  "definition": "Sum over complete responses, without headers.",
  "attributes": []
};

/** Data points collected for expositions. Unit `{point}`. */
export const METRIC_NANOMETER_PROMETHEUS_POINT_RECEIVED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.prometheus.point.received",
  "kind": "observablecounter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points collected for expositions.",
  "definition": "One per point and collection; one collection serves all scrapes that waited for it.",
  "attributes": []
};

/** Data points written into expositions. Unit `{point}`. */
export const METRIC_NANOMETER_PROMETHEUS_POINT_FORWARDED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.prometheus.point.forwarded",
  "kind": "observablecounter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points written into expositions.",
  "definition": "One per point and collection.",
  "attributes": []
};

/** Data points left out of expositions, by cause. Unit `{point}`. */
export const METRIC_NANOMETER_PROMETHEUS_POINT_DROPPED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.prometheus.point.dropped",
  "kind": "observablecounter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points left out of expositions, by cause.",
  "definition": "One per point and collection.",
  "attributes": [
    "nanometer.drop.cause"
  ]
};

/** Data points collected and not yet written. Unit `{point}`. */
export const METRIC_NANOMETER_PROMETHEUS_POINT_HELD: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.prometheus.point.held",
  "kind": "observableupdowncounter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points collected and not yet written.",
  "definition": "Received minus forwarded minus dropped.",
  "attributes": []
};
