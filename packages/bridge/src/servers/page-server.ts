import { createServer, type Server, type ServerResponse } from 'node:http';
import type { PageAssets } from '@nanometer/dashboard';
import { PROMETHEUS_CONTENT_TYPE } from '../outputs/prometheus-output.ts';

/** What the page's server shows. */
export interface PageContent {
  readonly assets: PageAssets;
  readonly metrics: () => string;
  readonly stats: () => object;
}

/** The live page, `/metrics`, `/healthz` and `/api/v1/stats`; `/live` is attached by the stream's server. */
export function pageServer({ assets, metrics, stats }: PageContent): Server {
  return createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      text(response, 405, `${request.method} is not taken; use GET\n`);
      return;
    }
    const path = request.url?.split('?')[0] ?? '/';
    const asset = assets.get(path);
    if (asset !== undefined) {
      response.writeHead(200, {
        ...asset.headers,
        'content-type': asset.contentType,
        'content-length': asset.body.length,
      });
      response.end(request.method === 'HEAD' ? undefined : asset.body);
    } else if (path === '/metrics') send(response, 200, PROMETHEUS_CONTENT_TYPE, metrics());
    else if (path === '/healthz') text(response, 200, 'ok\n');
    else if (path === '/api/v1/stats') send(response, 200, 'application/json', JSON.stringify(stats()));
    else if (path === '/') text(response, 503, `${assets.missingReason ?? 'no page'}\n`);
    else text(response, 404, `nothing at ${path}\n`);
  });
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
