import { createHash } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AlertCenter } from '@nanometer/alerting';
import { isAlertPath } from '@nanometer/alerting';
import { type History, isHistoryPath } from '@nanometer/history';
import { hostAllowed, originAllowed, type LiveTlsOptions } from '@nanometer/live';
import type { PageAsset, PageAssets } from '@nanometer/dashboard';
import { PROMETHEUS_CONTENT_TYPE } from '../outputs/prometheus-output.ts';
import { sendAlertAnswer } from './alert-requests.ts';
import type { GrantOf } from './bearer-access.ts';
import { sendHistoryAnswer } from './history-requests.ts';
import type { MetricsRefusal } from './metrics-access.ts';
import { refuseOtherUpgrades } from './stream-paths.ts';
import { webServer } from './web-server.ts';

/** What the page's server shows. */
export interface PageContent {
  readonly assets: PageAssets;
  readonly metrics: () => string;
  readonly stats: () => object;
  /** Alerts, when there are rules. */
  readonly center: () => AlertCenter | undefined;
  readonly history: History | undefined;
  /** Decides who may ask what shows series or alerts. */
  readonly grantOf: GrantOf;
  /** Decides who may read `/metrics` and `/api/v1/stats`. */
  readonly metricsRefusal: MetricsRefusal;
  readonly now: () => number;
  /** Whether subscribers are served. */
  readonly isStreaming: () => boolean;
  /** Answers what the stream's server takes by HTTP; false when the request is for something else. */
  readonly live: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/**
 * The live page, `/metrics`, `/healthz` and `/api/v1/stats`, for GET and HEAD, the history's, and the API of alerts; `/live` is attached by
 * the stream's server.
 */
export function pageServer(
  { assets, metrics, stats, center, history, grantOf, metricsRefusal, now, isStreaming, live }: PageContent,
  requestTimeoutMillis: number,
  allowedHosts: readonly string[] | undefined,
  allowedOrigins: readonly string[] | undefined,
  tls: LiveTlsOptions | undefined,
): Server {
  const tags = new Map([...assets].map(([path, { body }]) => [path, entityTag(body)]));
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (!hostAllowed(request.headers.host, allowedHosts)) {
      text(response, 403, 'the bridge is not served under this host; see allowedHosts\n');
      return;
    }
    const path = request.url?.split('?')[0] ?? '/';
    if (isAlertPath(path)) {
      // A stranger's page must not acknowledge for the person in front of it.
      if (!originAllowed(request, allowedOrigins))
        text(response, 403, 'pages of this origin may not; see allowedOrigins\n');
      else void sendAlertAnswer(request, response, path, center(), grantOf, now());
      return;
    }
    if (live(request, response)) return;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      text(response, 405, `${request.method} is not taken; use GET\n`);
      return;
    }
    if (isHistoryPath(path)) {
      if (!originAllowed(request, allowedOrigins))
        text(response, 403, 'pages of this origin may not; see allowedOrigins\n');
      else void sendHistoryAnswer(request, response, history, grantOf, now());
      return;
    }
    const refusal = path === '/metrics' || path === '/api/v1/stats' ? metricsRefusal(request, path) : undefined;
    if (refusal !== undefined) {
      if (refusal.status === 401) response.setHeader('www-authenticate', 'Bearer');
      text(response, refusal.status, `${refusal.message}\n`);
      return;
    }
    const asset = assets.get(path);
    try {
      if (asset !== undefined) sendAsset(request, response, asset, tags.get(path)!);
      else if (path === '/metrics') send(response, 200, PROMETHEUS_CONTENT_TYPE, metrics());
      else if (path === '/healthz') {
        if (isStreaming()) text(response, 200, 'ok\n');
        else text(response, 503, 'the stream is being started anew; all else is served\n');
      } else if (path === '/api/v1/stats') send(response, 200, 'application/json', JSON.stringify(stats()));
      else if (path === '/') text(response, 503, `${assets.missingReason ?? 'no page'}\n`);
      else text(response, 404, `nothing at ${path}\n`);
    } catch (error) {
      // Such as an exposition longer than a string can be: the bridge goes on without this answer.
      text(response, 500, `${String(error)}\n`);
    }
  };
  const server = webServer(requestTimeoutMillis, tls, answer);
  refuseOtherUpgrades(server);
  return server;
}

function entityTag(body: Uint8Array): string {
  return `"${createHash('sha256').update(body).digest('base64url')}"`;
}

/** A browser asks each time whether a file is still the same (`no-cache`), and gets it only when it is not. */
function sendAsset(request: IncomingMessage, response: ServerResponse, asset: PageAsset, tag: string): void {
  const known = request.headers['if-none-match']?.split(',').some((item) => item.trim().replace(/^W\//, '') === tag);
  if (known) {
    response.writeHead(304, { ...asset.headers, etag: tag });
    response.end();
    return;
  }
  const { body, contentType, headers } = asset;
  response.writeHead(200, { ...headers, etag: tag, 'content-type': contentType, 'content-length': body.length });
  response.end(body);
}

function text(response: ServerResponse, code: number, body: string): void {
  send(response, code, 'text/plain; charset=utf-8', body);
}

function send(response: ServerResponse, code: number, contentType: string, body: string): void {
  const bytes = Buffer.from(body, 'utf8');
  response.writeHead(code, {
    'content-type': contentType,
    'content-length': bytes.length,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  response.end(bytes);
}
