import { diag } from '@opentelemetry/api';
import { MetricsError } from '../errors.ts';

const FILTERS = ['always_on', 'always_off', 'trace_based'] as const;

/**
 * Which measurements may become exemplars: all, none, or those recorded in the context of a sampled span.
 */
export type ExemplarFilter = (typeof FILTERS)[number];

/** The specification's default. */
const DEFAULT_FILTER: ExemplarFilter = 'trace_based';
const VARIABLE = 'OTEL_METRICS_EXEMPLAR_FILTER';

function isFilter(name: string): name is ExemplarFilter {
  return (FILTERS as readonly string[]).includes(name);
}

/**
 * The filter of a provider: its option, else what the environment says, else trace-based. Throws {@link MetricsError}
 * `invalid_option` for an option that is none; the environment is only warned about (specification, environment
 * variables: enum values are case-insensitive, and an unknown one is ignored).
 */
export function exemplarFilter(
  option: ExemplarFilter | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ExemplarFilter {
  if (option !== undefined) {
    if (isFilter(option)) return option;
    throw new MetricsError(
      'invalid_option',
      `exemplarFilter must be one of ${FILTERS.join(', ')}, got ${String(option)}`,
    );
  }
  const variable = environment[VARIABLE]?.trim() ?? '';
  if (variable === '') return DEFAULT_FILTER;
  const name = variable.toLowerCase();
  if (isFilter(name)) return name;
  diag.warn(`metrics: ${VARIABLE} is "${variable}", expected one of ${FILTERS.join(', ')}; used ${DEFAULT_FILTER}`);
  return DEFAULT_FILTER;
}
