import type { Attributes } from '@opentelemetry/api';
import type { Compatibility } from '../compatibility/behaviour.ts';
import type { AggregationOption, InstrumentType } from '../data-types.ts';
import type { InstrumentAdvice, InstrumentDescriptor } from '../instrument/descriptor.ts';
import type { InstrumentationScope } from '../collect/scope.ts';
import type { ThreadView } from './thread-view.ts';

/** What one reader of the main thread asks for, by instrument type. */
export interface ReaderWishes {
  readonly exponentialAdvice: boolean;
  readonly aggregations: Readonly<Record<InstrumentType, AggregationOption>>;
  readonly limits: Readonly<Record<InstrumentType, number>>;
}

/** What a thread needs to know to record as the main thread would; travels as environment data of its worker. */
export interface ThreadConfiguration {
  /** Tells the providers of the main thread apart. */
  readonly provider: number;
  readonly views: readonly ThreadView[];
  readonly compatibility: Compatibility;
  readonly readers: readonly ReaderWishes[];
  /** Of the histograms that the main thread has made when the thread starts. */
  readonly advice: Map<string, InstrumentAdvice>;
}

interface Message {
  readonly provider: number;
  readonly thread: number;
  /** Tells several providers of one thread apart. */
  readonly sender: string;
}

/** A new page of the sender's arena. */
export interface PageMessage extends Message {
  readonly kind: 'page';
  readonly page: number;
  readonly buffer: SharedArrayBuffer;
}

/** The sender's drop counts. */
export interface DropsMessage extends Message {
  readonly kind: 'drops';
  readonly buffer: SharedArrayBuffer;
}

/** A new series of the sender: which instrument and stream, which attributes, and where it lies. */
export interface SeriesMessage extends Message {
  readonly kind: 'series';
  readonly scope: InstrumentationScope;
  readonly instrument: InstrumentDescriptor;
  /** The same in all threads, because they plan streams alike. */
  readonly storageKey: string;
  /** Of the sender's storages that differ in nothing else. The first speaks for readers that want another one. */
  readonly limits: readonly number[];
  readonly attributes: Attributes;
  readonly page: number;
  readonly at: number;
  readonly length: number;
}

export type ThreadMessage = PageMessage | DropsMessage | SeriesMessage;

/** Name of the channel by which threads announce what they have; it never carries measurements. */
export const CHANNEL_NAME = '@nanometer/metrics/threads';
/** Key of the environment data. */
export const CONFIGURATION_KEY = '@nanometer/metrics/threads';
