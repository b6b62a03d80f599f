import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LiveServer, type LiveServerOptions } from '@nanometer/live';
import { loadPage } from '@nanometer/dashboard';

/** The built page and a live stream on one loopback port, as the bridge serves them. */
export interface PageServer {
  readonly live: LiveServer;
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a server for the page.
 *
 * @param port - 0 for any free one.
 * @param directory - folder of the built page, if not the package's own.
 * @param answer - takes requests before the page does; returns whether it took this one.
 * @param access - tokens of the stream, if it is to ask for them.
 * @throws Error when the page is not built.
 */
export async function startPageServer(
  port: number,
  directory?: string,
  answer?: (request: IncomingMessage, response: ServerResponse) => boolean,
  access: Pick<LiveServerOptions, 'tokens'> = {},
): Promise<PageServer> {
  const page = loadPage(directory);
  if (page.missingReason !== undefined) throw new Error(page.missingReason);
  const http: Server = createServer((request, response) => {
    if (answer?.(request, response) === true || live.handleRequest(request, response)) return;
    const asset = page.get((request.url ?? '/').replace(/\?.*$/, ''));
    if (asset === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': asset.contentType, ...asset.headers }).end(asset.body);
  });
  const live: LiveServer = new LiveServer({ server: http, path: '/live', ...access });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', resolve);
  });
  const bound = (http.address() as AddressInfo).port;
  return {
    live,
    port: bound,
    url: `http://127.0.0.1:${bound}/`,
    close: async () => {
      await live.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}
