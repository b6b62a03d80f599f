import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';

/** A gRPC receiver that accepts every export, without reading it. */
export interface OtlpStub {
  readonly endpoint: string;
  /** Exports received. */
  readonly received: number;
  /** While true, exports are received but not answered. */
  hold: boolean;
  close(): Promise<void>;
}

/** Listens on loopback. */
export async function startOtlpStub(port = 0): Promise<OtlpStub> {
  const waiting: (() => void)[] = [];
  let hold = false;
  let received = 0;
  const server: Http2Server = createServer();
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => undefined);
    stream.resume();
    stream.on('end', () => {
      received++;
      const answer = (): void => {
        if (stream.destroyed) return;
        stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        // An empty message: no compression, length 0.
        stream.end(Buffer.alloc(5));
      };
      if (hold) waiting.push(answer);
      else answer();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    endpoint: `127.0.0.1:${(server.address() as { port: number }).port}`,
    get received() {
      return received;
    },
    get hold() {
      return hold;
    },
    set hold(value) {
      hold = value;
      if (!hold) for (const answer of waiting.splice(0)) answer();
    },
    close: () => {
      for (const session of sessions) session.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
