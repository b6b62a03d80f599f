// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Name of a receiver of notifications. */
export const ATTR_NANOMETER_ALERT_RECEIVER = "nanometer.alert.receiver" as const;

/** Severity of the rule. */
export const ATTR_NANOMETER_ALERT_SEVERITY = "nanometer.alert.severity" as const;

/** State of an alert. */
export const ATTR_NANOMETER_ALERT_STATE = "nanometer.alert.state" as const;

/** Alerts that are pending or fire. Unit `{alert}`. */
export const METRIC_NANOMETER_ALERT_ACTIVE: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.alert.active",
  "kind": "observableupdowncounter",
  "unit": "{alert}",
  "valueType": "int",
  "description": "Alerts that are pending or fire.",
  "definition": "One per rule and combination of labels.",
  "attributes": [
    "nanometer.alert.severity",
    "nanometer.alert.state"
  ]
};

/** Evaluations of rules. Unit `{evaluation}`. */
export const METRIC_NANOMETER_ALERT_RULE_EVALUATED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.alert.rule.evaluated",
  "kind": "observablecounter",
  "unit": "{evaluation}",
  "valueType": "int",
  "description": "Evaluations of rules.",
  "definition": "One per rule and combination of labels that was compared.",
  "attributes": []
};

/** Series that rules look at. Unit `{series}`. */
export const METRIC_NANOMETER_ALERT_SERIES_ACTIVE: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.alert.series.active",
  "kind": "observableupdowncounter",
  "unit": "{series}",
  "valueType": "int",
  "description": "Series that rules look at.",
  "definition": "Series registered with the engine and not forgotten.",
  "attributes": []
};

/** Alerts and series beyond a limit, by cause. Unit `{alert}`. */
export const METRIC_NANOMETER_ALERT_DROPPED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.alert.dropped",
  "kind": "observablecounter",
  "unit": "{alert}",
  "valueType": "int",
  "description": "Alerts and series beyond a limit, by cause.",
  "definition": "One per series or combination of labels that is not looked at, and per alert that is not held.",
  "attributes": [
    "nanometer.drop.cause"
  ]
};

/** Notifications handed to a receiver's queue. Unit `{notification}`. */
export const METRIC_NANOMETER_ALERT_NOTIFICATION_RECEIVED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.alert.notification.received",
  "kind": "observablecounter",
  "unit": "{notification}",
  "valueType": "int",
  "description": "Notifications handed to a receiver's queue.",
  "definition": "One per alert that began or ended, and receiver; received = delivered + held + dropped.",
  "attributes": [
    "nanometer.alert.receiver"
  ]
};

/** Notifications the receiver acknowledged. Unit `{notification}`. */
export const METRIC_NANOMETER_ALERT_NOTIFICATION_DELIVERED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.alert.notification.delivered",
  "kind": "observablecounter",
  "unit": "{notification}",
  "valueType": "int",
  "description": "Notifications the receiver acknowledged.",
  "definition": "One per notification, when the request that carried it was answered with success.",
  "attributes": [
    "nanometer.alert.receiver"
  ]
};

/** Notifications that wait for their receiver. Unit `{notification}`. */
export const METRIC_NANOMETER_ALERT_NOTIFICATION_HELD: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.alert.notification.held",
  "kind": "observableupdowncounter",
  "unit": "{notification}",
  "valueType": "int",
  "description": "Notifications that wait for their receiver.",
  "definition": "Received minus delivered minus dropped.",
  "attributes": [
    "nanometer.alert.receiver"
  ]
};

/** Notifications given up, by cause. Unit `{notification}`. */
export const METRIC_NANOMETER_ALERT_NOTIFICATION_DROPPED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.alert.notification.dropped",
  "kind": "observablecounter",
  "unit": "{notification}",
  "valueType": "int",
  "description": "Notifications given up, by cause.",
  "definition": "One per notification; `refused` when the receiver will not take it however often it is sent, `queue_full` when the queue's limit is reached.",
  "attributes": [
    "nanometer.alert.receiver",
    "nanometer.drop.cause"
  ]
};

/** Attempts to deliver that failed, by error; they are repeated unless the receiver refused. Unit `{attempt}`. */
export const METRIC_NANOMETER_ALERT_DELIVERY_FAILED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.alert.delivery.failed",
  "kind": "observablecounter",
  "unit": "{attempt}",
  "valueType": "int",
  "description": "Attempts to deliver that failed, by error; they are repeated unless the receiver refused.",
  "definition": "One per request without success; `error.type` is the HTTP status or the network error.",
  "attributes": [
    "nanometer.alert.receiver",
    "error.type"
  ]
};

/** Times that messages waited for the receiver's rate limit. Unit `{delay}`. */
export const METRIC_NANOMETER_ALERT_DELIVERY_THROTTLED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.alert.delivery.throttled",
  "kind": "observablecounter",
  "unit": "{delay}",
  "valueType": "int",
  "description": "Times that messages waited for the receiver's rate limit.",
  "definition": "One per message that had to wait; what comes meanwhile goes with it.",
  "attributes": [
    "nanometer.alert.receiver"
  ]
};

/** Time from an alert's change to its receiver's acknowledgement. Unit `s`. */
export const METRIC_NANOMETER_ALERT_DELIVERY_DURATION: MetricDefinition<'histogram'> = {
  "name": "nanometer.alert.delivery.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time from an alert's change to its receiver's acknowledgement.",
  "definition": "Once per notification, queueing and retries included.",
  "attributes": [
    "nanometer.alert.receiver"
  ],
  "buckets": [
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
    10,
    60,
    600
  ]
};
