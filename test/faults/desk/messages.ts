import type { OtlpStats } from '@nanometer/exporter-otlp';

/** What a life of the desk is told at its start, as JSON in its only argument. */
export interface DeskOptions {
  readonly seed: number;
  readonly life: number;
  /** OTLP/HTTP URL of the receiver. */
  readonly url: string;
  /** Folder of the write-ahead log, the same for every life. */
  readonly logFolder: string;
  /** Most bytes of that log. */
  readonly logLimitBytes: number;
  /** Where the life writes down what it does. */
  readonly lifeFile: string;
  readonly updatesPerBatch: number;
  readonly batchMillis: number;
  /** How far its clock is from the machine's. */
  readonly clockOffsetMillis: number;
}

/** What it can be told later. */
export type DeskCommand = { readonly type: 'step'; readonly millis: number } | { readonly type: 'finish' };

/** What it tells: after each batch, and at its end. */
export type DeskMessage =
  | { readonly type: 'batch'; readonly batch: number; readonly durable: number }
  | { readonly type: 'finished'; readonly batch: number; readonly stats: OtlpStats; readonly undelivered?: string };
