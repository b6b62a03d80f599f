/** What can be wrong when an exporter is made or started; closed, so that a caller can switch over it. */
export type PrometheusExporterErrorCode = 'INVALID_OPTION' | 'UNSUPPORTED_OPTION' | 'PORT_IN_USE' | 'LISTEN_FAILED';

/** A configuration or start error; the message says what, where, why and what would be right. */
export class PrometheusExporterError extends Error {
  override readonly name = 'PrometheusExporterError';
  readonly code: PrometheusExporterErrorCode;
  /** The option or environment variable to change, where one would help. */
  readonly option: string | undefined;

  constructor(code: PrometheusExporterErrorCode, message: string, option?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.option = option;
  }
}
