import { OtlpError } from '../errors.ts';
import type { OtlpEnvironment } from './environment.ts';
import type { OtlpExporterOptions, Protocol } from './options.ts';

/** Where requests go. */
export interface Endpoint {
  readonly protocol: Protocol;
  /** For gRPC, the scheme says whether TLS is used. */
  readonly url: URL;
}

const HTTP_PATH = 'v1/metrics';
const DEFAULTS: Readonly<Record<Protocol, string>> = {
  grpc: 'http://localhost:4317',
  'http/protobuf': `http://localhost:4318/${HTTP_PATH}`,
};

/** Reads protocol and URL. @throws OtlpError `INVALID_OPTION` or `INVALID_ENVIRONMENT` */
export function readEndpoint({ protocol, url }: OtlpExporterOptions, environment: OtlpEnvironment): Endpoint {
  const chosen = readProtocol(protocol, environment);
  if (url !== undefined) return { protocol: chosen, url: parse(chosen, 'url', url, false, 'INVALID_OPTION') };
  const isInsecure = environment.value('INSECURE')?.value.toLowerCase() === 'true';
  const own = environment.metricsValue('ENDPOINT');
  const found = own ?? environment.value('ENDPOINT');
  if (found === undefined) return { protocol: chosen, url: new URL(DEFAULTS[chosen]) };
  const parsed = parse(chosen, found.variable, found.value, !isInsecure, 'INVALID_ENVIRONMENT');
  // The general endpoint is a base of every signal's path.
  if (chosen !== 'grpc' && own === undefined) parsed.pathname = `${parsed.pathname.replace(/\/+$/, '')}/${HTTP_PATH}`;
  return { protocol: chosen, url: parsed };
}

function readProtocol(option: string | undefined, environment: OtlpEnvironment): Protocol {
  const protocol = option ?? environment.value('PROTOCOL')?.value.toLowerCase() ?? 'grpc';
  if (protocol === 'grpc' || protocol === 'http/protobuf') return protocol;
  const code = option === undefined ? 'INVALID_ENVIRONMENT' : 'INVALID_OPTION';
  const advice = protocol === 'http/json' ? '; for JSON use @nanometer/exporter-json' : '';
  throw new OtlpError(code, `protocol is ${JSON.stringify(protocol)}; grpc or http/protobuf is needed${advice}`);
}

function parse(
  protocol: Protocol,
  source: string,
  text: string,
  schemelessIsTls: boolean,
  code: 'INVALID_OPTION' | 'INVALID_ENVIRONMENT',
): URL {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const needed = protocol === 'grpc' ? 'host:port or an http(s) URL without a path' : 'an http(s) URL';
  const refuse = (why: string): never => {
    throw new OtlpError(code, `${source} is ${JSON.stringify(text)}, ${why}; ${needed} is needed`);
  };
  if (!hasScheme && protocol !== 'grpc') return refuse('which has no scheme');
  const full = hasScheme ? text : `${schemelessIsTls ? 'https' : 'http'}://${text}`;
  if (!URL.canParse(full)) return refuse('which is no URL');
  const url = new URL(full);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return refuse(`whose scheme is ${url.protocol}`);
  if (url.username !== '' || url.password !== '') return refuse('which carries credentials; put them into headers');
  if (protocol === 'grpc' && url.pathname !== '/') return refuse(`whose path ${url.pathname} gRPC has no use for`);
  return url;
}
