import type { InstrumentKind } from '@nanometer/semconv';
import type { Aggregate, Field, Severity, Tier } from './rule.ts';

/* The content of a rule file that keeps to the schema. */

type RawValue = string | number | boolean;
export type RawMatch =
  RawValue | readonly RawValue[] | { readonly not: RawValue | readonly RawValue[] } | { readonly prefix: string };

export interface RawSelector {
  readonly metric: string;
  readonly field?: Field;
  readonly where?: Readonly<Record<string, RawMatch>>;
  readonly custom?: boolean;
  readonly instrument?: InstrumentKind;
  readonly unit?: string;
}

export interface RawLevel {
  readonly above?: number;
  readonly below?: number;
  readonly clear?: number;
}

interface RawCommon {
  readonly name: string;
  readonly severity: Severity;
  readonly for?: string;
  readonly keepFiring?: string;
  readonly lookback?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description?: string;
  readonly runbook?: string;
  readonly panel?: string;
  readonly tiers?: readonly Tier[];
  readonly by?: readonly string[];
}

type One = RawSelector & { readonly aggregate?: Aggregate };

export type RawRule = RawCommon &
  (
    | (One & RawLevel & { readonly kind: 'threshold'; readonly window?: string })
    | (RawSelector & { readonly kind: 'absence'; readonly after: string })
    | (One & { readonly kind: 'staleness'; readonly after: string; readonly forget?: string })
    | (One & RawLevel & { readonly kind: 'rate'; readonly window: string; readonly per?: string })
    | (RawLevel & {
        readonly kind: 'ratio';
        readonly numerator: RawSelector;
        readonly denominator: RawSelector;
        readonly window?: string;
        readonly minimum?: number;
      })
    | {
        readonly kind: 'burnRate';
        readonly bad: RawSelector;
        readonly total: RawSelector;
        readonly objective: number;
        readonly windows: readonly { readonly long: string; readonly short: string; readonly factor: number }[];
      }
  );

export interface RawInhibition {
  readonly source: Readonly<Record<string, string>>;
  readonly target: Readonly<Record<string, string>>;
  readonly equal?: readonly string[];
}

export interface RawFile {
  readonly rules: readonly RawRule[];
  readonly inhibit?: readonly RawInhibition[];
}
