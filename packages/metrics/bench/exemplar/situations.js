import { ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';

const SAMPLED = spanContext(TraceFlags.SAMPLED);
const UNSAMPLED = spanContext(TraceFlags.NONE);

/** How a program stands to tracing: the filter, whether a context manager is registered, what is active. */
export const SITUATIONS = {
  'array increment': {},
  always_off: { filter: 'always_off' },
  'trace_based, no context manager': { filter: 'trace_based' },
  'trace_based, context manager, no span': { filter: 'trace_based', active: ROOT_CONTEXT },
  'trace_based, unsampled span': { filter: 'trace_based', active: UNSAMPLED },
  'trace_based, sampled span': { filter: 'trace_based', active: SAMPLED },
  always_on: { filter: 'always_on' },
};

function spanContext(traceFlags) {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags });
}
