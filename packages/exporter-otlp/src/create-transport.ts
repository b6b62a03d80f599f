import type { ResolvedOptions } from './config/resolve-options.ts';
import { GrpcTransport } from './send/grpc-transport.ts';
import { HttpTransport } from './send/http-transport.ts';
import type { Transport } from './send/transport.ts';
import { VERSION } from './version.ts';

/** The transport that the options ask for. */
export function createTransport(options: ResolvedOptions): Transport {
  const { endpoint, headers, compression, tls, retryStatuses, clock } = options;
  const { url } = endpoint;
  const userAgent = `nanometer-otlp-exporter/${VERSION}`;
  const common = { headers, tls, retryStatuses, userAgent };
  if (endpoint.protocol !== 'grpc') return new HttpTransport({ ...common, url, compression, now: () => clock.now() });
  const isTls = url.protocol === 'https:';
  const address = url.port === '' ? `${url.hostname}:${isTls ? 443 : 80}` : url.host;
  return new GrpcTransport({ ...common, address, isTls, compression: compression === 'gzip' ? 'gzip' : 'none' });
}
