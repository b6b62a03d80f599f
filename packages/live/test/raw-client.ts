import { WebSocket } from 'ws';
import { until } from '@nanometer/testing';
import { decodeFrame } from '@nanometer/live';
import type { LiveFrame, ServerMessage } from '@nanometer/live';

/** A client that says what it is told to, right or wrong, and keeps what it hears. */
export class RawClient {
  readonly socket: WebSocket;
  readonly texts: string[] = [];
  readonly frames: LiveFrame[] = [];
  closeCode: number | undefined;
  /** HTTP status of a refused upgrade. */
  status: number | undefined;

  constructor(
    url: string,
    protocols: string[] = [],
    options: { origin?: string; host?: string; headers?: Record<string, string> } = {},
  ) {
    const { origin, host, headers } = options;
    this.socket = new WebSocket(url, protocols, {
      ...(origin === undefined ? {} : { origin }),
      headers: { ...headers, ...(host === undefined ? {} : { host }) },
    });
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.frames.push(decodeFrame(data));
      else this.texts.push(data.toString());
    });
    this.socket.on('close', (code) => {
      this.closeCode = code;
    });
    this.socket.on('unexpected-response', (_request, response) => {
      this.status = response.statusCode;
      this.socket.terminate();
    });
    this.socket.on('error', () => undefined);
  }

  get messages(): (ServerMessage & Record<string, unknown>)[] {
    return this.texts.map((text) => JSON.parse(text) as ServerMessage & Record<string, unknown>);
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  /** The first message of a type, once it is there. */
  heard(type: ServerMessage['type']): Promise<Record<string, unknown>> {
    return until(`the server says ${type}`, () => this.messages.find((message) => message.type === type));
  }

  /** Waits for the n-th error and returns its code and text. */
  async error(count = 1): Promise<{ code: unknown; message: unknown; id: unknown; limit: unknown }> {
    const errors = await until(`${count} errors`, () => {
      const found = this.messages.filter(({ type }) => type === 'error');
      return found.length >= count ? found : undefined;
    });
    const { code, message, id, limit } = errors[count - 1] as Record<string, unknown>;
    return { code, message, id, limit };
  }
}
