import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { keyOf } from './alert-rules.ts';
import type { ReceiverTrouble } from './fault.ts';

/** What the receiver reads of a notification. */
interface Told {
  readonly id: number;
  readonly fingerprint: string;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What came of it in a run. */
export interface ReceiverAccount {
  /** Alerts acknowledged, each once. */
  readonly acknowledged: number;
  /** Notifications that came again although they had been acknowledged, each time within the message that an interruption met. */
  readonly repeated: number;
  /** Messages by what became of them. */
  readonly answers: Readonly<Record<'200' | '500' | 'hang' | 'lost', number>>;
}

/**
 * A webhook that fails, never answers, and goes away, as it is told, and remembers what it has acknowledged: an answer that
 * was written whole, to a sender that was there.
 *
 * The sender has one message under way, and sends the next when it has on disk that the last was acknowledged. What comes
 * again is therefore legitimate in one case only: it was in the last message acknowledged, and the sender or this
 * receiver was interrupted after that message came. Everything else is told in `wrong`.
 */
export class AlertReceiver {
  readonly #port: number;
  #server: Server | undefined;
  #trouble: ReceiverTrouble | undefined;
  /** Notifications acknowledged: their alerts by id. */
  readonly #keyById = new Map<number, string>();
  readonly #keyByFingerprint = new Map<string, string>();
  readonly #acknowledged = new Set<string>();
  /** Ids of the last message that was acknowledged, and whether anyone was interrupted since it came. */
  #last: ReadonlySet<number> = new Set();
  #interrupted = false;
  #repeated = 0;
  readonly #answers = { 200: 0, 500: 0, hang: 0, lost: 0 };
  /** What must not be. */
  readonly wrong: string[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** Alerts acknowledged, as `keyOf` has them. */
  get acknowledged(): ReadonlySet<string> {
    return this.#acknowledged;
  }

  get account(): ReceiverAccount {
    return { acknowledged: this.#acknowledged.size, repeated: this.#repeated, answers: { ...this.#answers } };
  }

  /** Messages that came and were not acknowledged, by any trouble. */
  get unacknowledged(): number {
    return this.#answers[500] + this.#answers.hang + this.#answers.lost;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => this.#receive(request, response));
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(this.#port, '127.0.0.1', () => resolve()),
    );
    this.#server = server;
  }

  /** Goes away, with whatever is under way. Idempotent. */
  async stop(): Promise<void> {
    this.interrupt();
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async begin(trouble: ReceiverTrouble): Promise<void> {
    this.#trouble = trouble;
    if (trouble === 'restart') await this.stop();
  }

  /** Ends a trouble: those who still wait for an answer are sent away. */
  async mend(): Promise<void> {
    const trouble = this.#trouble;
    this.#trouble = undefined;
    if (trouble === 'hang') await this.stop();
    if (this.#server === undefined) await this.start();
  }

  /** The sender was killed, stopped or restarted: what it had under way may come again. */
  interrupt(): void {
    this.#interrupted = true;
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('error', () => undefined);
    request.on('end', () => this.#answer(body, response));
  }

  #answer(body: string, response: ServerResponse): void {
    response.on('error', () => undefined);
    if (this.#trouble === 'hang') {
      this.#answers.hang += 1;
      return;
    }
    if (this.#trouble === '500') {
      this.#answers[500] += 1;
      response.writeHead(500).end();
      return;
    }
    const { alerts } = JSON.parse(body) as { readonly alerts: readonly Told[] };
    let written = false;
    response.once('finish', () => {
      written = true;
      this.#answers[200] += 1;
      this.#acknowledge(alerts);
    });
    response.once('close', () => {
      if (!written) this.#answers.lost += 1;
    });
    response.end();
  }

  #acknowledge(alerts: readonly Told[]): void {
    for (const { id, fingerprint, status, labels } of alerts) {
      const key = keyOf(labels);
      if (status !== 'firing') this.wrong.push(`alerts: ${key} is ${status}, which it never can be`);
      if ((this.#keyByFingerprint.get(fingerprint) ?? key) !== key) {
        this.wrong.push(`alerts: ${key} has the fingerprint of ${this.#keyByFingerprint.get(fingerprint)}`);
      }
      this.#keyByFingerprint.set(fingerprint, key);
      if (this.#keyById.has(id)) this.#again(id, key);
      else if (this.#acknowledged.has(key)) this.wrong.push(`alerts: ${key} came as two notifications`);
      this.#keyById.set(id, key);
      this.#acknowledged.add(key);
    }
    this.#last = new Set(alerts.map(({ id }) => id));
    this.#interrupted = false;
  }

  #again(id: number, key: string): void {
    this.#repeated += 1;
    if (this.#keyById.get(id) !== key)
      this.wrong.push(`alerts: notification ${id} was ${this.#keyById.get(id)}, is ${key}`);
    if (this.#interrupted && this.#last.has(id)) return;
    this.wrong.push(`alerts: ${key} came again although it had been acknowledged`);
  }
}
