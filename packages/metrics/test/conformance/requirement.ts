import type { Implementation } from './implementation.ts';

export type Keyword = 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY';

/** Why an implementation does not meet a requirement. */
export interface Failure {
  readonly reason: string;
  /** The number under which the README lists it. */
  readonly deviation?: string;
  /** The method of the API's next version that the implementation does not have; its absence is then the failure. */
  readonly lacks?: string;
}

/** What the suite expects of an implementation, and checks: one that unexpectedly passes is reported too. */
export type Outcome = 'passes' | Failure;

/** One demand of the specification, as a program that any MeterProvider can be put through. */
export interface Requirement {
  readonly keyword: Keyword;
  readonly title: string;
  readonly run: (sdk: Implementation) => Promise<void> | void;
  readonly ours: Outcome;
  readonly stock: Outcome;
}

/** The requirements of one section of the specification. */
export interface Section {
  /** Which document: `metrics/api.md`, `metrics/sdk.md`, `metrics/data-model.md` or one of `common`. */
  readonly document: 'api' | 'sdk' | 'data-model' | 'common';
  readonly heading: string;
  readonly requirements: readonly Requirement[];
}

interface Outcomes {
  readonly ours?: Outcome;
  readonly stock?: Outcome;
}

type Run = Requirement['run'];

/** States a requirement; both implementations are expected to meet it unless the last argument says otherwise. */
export function requirement(keyword: Keyword, title: string, run: Run, outcomes: Outcomes = {}): Requirement {
  return { keyword, title, run, ours: outcomes.ours ?? 'passes', stock: outcomes.stock ?? 'passes' };
}

export function section(document: Section['document'], heading: string, requirements: readonly Requirement[]): Section {
  return { document, heading, requirements };
}

/** The stock SDK fails by asserting wrong numbers; `deviation` is its number in the README. */
export function stockFails(reason: string, deviation?: string): Outcomes {
  return { stock: { reason, ...(deviation === undefined ? {} : { deviation }) } };
}

/** The stock SDK has no such method. */
export function stockLacks(method: string): Outcomes {
  return { stock: { reason: `no \`${method}\``, lacks: method } };
}
