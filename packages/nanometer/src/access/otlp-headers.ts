/** Variables that name headers of OTLP exports, those of metrics last: they win. */
const VARIABLES = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_METRICS_HEADERS'] as const;

/**
 * Headers that an OTLP exporter of this environment sends, such as `authorization=Bearer%20TOKEN`. Pairs without a name and values
 * that are not percent-encoded text are left out, as exporters do.
 */
export function otlpHeaders(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const variable of VARIABLES) {
    for (const pair of (environment[variable] ?? '').split(',')) {
      const [, name, value] = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
      if (name === undefined) continue;
      try {
        headers[name.toLowerCase()] = decodeURIComponent(value!);
      } catch {
        // No percent-encoding.
      }
    }
  }
  return headers;
}
