import { checkedDialect, type StatsdDialect } from '../dialect.ts';
import { checkedInteger, StatsdError } from '../errors.ts';
import { type Listening, listenStream, listenUdp } from './listen.ts';
import { type ParsedLine, parseLine } from './parse-line.ts';

/** Options of {@link StatsdReceiver}. */
export interface StatsdReceiverOptions {
  /** Default `udp`; `unix` is a stream socket. */
  readonly transport?: 'udp' | 'tcp' | 'unix';
  /** `unix`: path of the socket to make. */
  readonly path?: string;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Default `dogstatsd`. */
  readonly dialect?: StatsdDialect;
  /** Socket buffer asked of the kernel, which may grant less (`net.core.rmem_max`). Default 4 MiB. */
  readonly recvBufferSize?: number;
  /** Most series held; lines of further ones are bad lines. Default 1,000,000. */
  readonly seriesLimit?: number;
}

/** One counter or gauge with its present value: a counter's sum since start, a gauge's last value. */
export interface StatsdSeries {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Totals of one timer; `count` is scaled up by the sample rate, `sum` is of the values that arrived. */
export interface TimerTotals {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

interface Cell {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  value: number;
  count: number;
  min: number;
  max: number;
}

const BAD_LINES_KEPT = 20;

/**
 * A strict StatsD server in this process that keeps totals and never resets them: the measuring instrument of tests and of
 * the demo, not a replacement for a server. What a lenient server would misread is a bad line here.
 */
export class StatsdReceiver {
  readonly #transport: 'udp' | 'tcp' | 'unix';
  readonly #path: string;
  readonly #host: string;
  readonly #wantedPort: number;
  readonly #dialect: StatsdDialect;
  readonly #seriesLimit: number;
  readonly #recvBufferSize: number;
  #listening: Listening | undefined;
  #packetCount = 0;
  #lineCount = 0;
  #badLineCount = 0;
  readonly #badLines: string[] = [];
  readonly #counters = new Map<string, Cell>();
  readonly #gauges = new Map<string, Cell>();
  readonly #timers = new Map<string, Cell>();

  /** Throws `StatsdError` `INVALID_OPTION`. */
  constructor(options: StatsdReceiverOptions = {}) {
    this.#transport = options.transport ?? 'udp';
    this.#path = options.path ?? '';
    if (this.#transport === 'unix' && this.#path === '') {
      throw new StatsdError('INVALID_OPTION', 'path is missing; transport unix needs the path of the socket to make');
    }
    this.#host = options.host ?? '127.0.0.1';
    this.#wantedPort = checkedInteger('port', options.port ?? 0, 0, 65_535);
    this.#dialect = checkedDialect(options.dialect ?? 'dogstatsd');
    this.#seriesLimit = checkedInteger('seriesLimit', options.seriesLimit ?? 1_000_000, 1, 2 ** 31);
    this.#recvBufferSize = checkedInteger('recvBufferSize', options.recvBufferSize ?? 4 * 1024 * 1024, 1024, 2 ** 30);
  }

  /** Binds the socket; rejects with `PORT_IN_USE` when the port is taken. */
  async start(): Promise<{ host: string; port: number }> {
    const [host, port] = [this.#host, this.#wantedPort];
    const onLines = (lines: Uint8Array): void => this.read(lines);
    this.#listening =
      this.#transport === 'udp'
        ? await listenUdp(host, port, this.#recvBufferSize, onLines)
        : await listenStream(this.#transport === 'unix' ? { path: this.#path } : { host, port }, onLines);
    return { host, port: this.port };
  }

  /** The bound port; 0 before `start` and for a path. */
  get port(): number {
    return this.#listening?.port ?? 0;
  }

  /** Datagrams, or pieces of streams, read. */
  get packetCount(): number {
    return this.#packetCount;
  }

  /** Lines read, bad ones included. */
  get lineCount(): number {
    return this.#lineCount;
  }

  /** Lines that were refused. */
  get badLineCount(): number {
    return this.#badLineCount;
  }

  /** The first {@link badLineCount} refused lines, at most 20, each with the reason. */
  get badLines(): readonly string[] {
    return this.#badLines;
  }

  /** Reads one datagram as if it had arrived by UDP. */
  read(datagram: Uint8Array): void {
    this.#packetCount++;
    for (const line of Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength)
      .toString('utf8')
      .split('\n')) {
      if (line === '') continue;
      this.#lineCount++;
      const parsed = parseLine(line, this.#dialect);
      const problem = typeof parsed === 'string' ? parsed : this.#apply(parsed);
      if (problem === undefined) continue;
      this.#badLineCount++;
      if (this.#badLines.length < BAD_LINES_KEPT) this.#badLines.push(`${problem}: ${line}`);
    }
  }

  /** All counters with their sums. */
  counters(): StatsdSeries[] {
    return [...this.#counters.values()].map(({ name, tags, value }) => ({ name, tags, value }));
  }

  /** All gauges with their last values. */
  gauges(): StatsdSeries[] {
    return [...this.#gauges.values()].map(({ name, tags, value }) => ({ name, tags, value }));
  }

  /** All timers with their totals. */
  timers(): TimerTotals[] {
    return [...this.#timers.values()].map(({ name, tags, count, value, min, max }) => ({
      name,
      tags,
      count,
      sum: value,
      min,
      max,
    }));
  }

  /** Sum of every counter of this name whose tags include the given ones; 0 when there is none. */
  counter(name: string, tags: Readonly<Record<string, string>> = {}): number {
    let sum = 0;
    for (const cell of matching(this.#counters, name, tags)) sum += cell.value;
    return sum;
  }

  /** The gauge of this name whose tags include the given ones, `undefined` when there is none; the first of several. */
  gauge(name: string, tags: Readonly<Record<string, string>> = {}): number | undefined {
    return matching(this.#gauges, name, tags)[0]?.value;
  }

  /** Closes the socket; totals stay readable. Idempotent. */
  async close(): Promise<void> {
    const listening = this.#listening;
    this.#listening = undefined;
    await listening?.close();
  }

  #apply(line: ParsedLine): string | undefined {
    const table = line.type === 'c' ? this.#counters : line.type === 'g' ? this.#gauges : this.#timers;
    const cell = this.#cell(table, line);
    if (cell === undefined) return `more than ${this.#seriesLimit} series`;
    if (line.type === 'c') {
      cell.value += line.value / line.sampleRate;
    } else if (line.type === 'g') {
      cell.value = line.signed ? cell.value + line.value : line.value;
    } else {
      if (line.value < 0) return 'a timer cannot be negative';
      cell.count += 1 / line.sampleRate;
      cell.value += line.value;
      cell.min = Math.min(cell.min, line.value);
      cell.max = Math.max(cell.max, line.value);
    }
    return undefined;
  }

  #cell(table: Map<string, Cell>, { name, tags }: ParsedLine): Cell | undefined {
    const key = tags.length === 0 ? name : JSON.stringify([name, tags.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
    const known = table.get(key);
    if (known) return known;
    if (this.#counters.size + this.#gauges.size + this.#timers.size >= this.#seriesLimit) return undefined;
    const cell = { name, tags: Object.fromEntries(tags), value: 0, count: 0, min: Infinity, max: -Infinity };
    table.set(key, cell);
    return cell;
  }
}

function matching(table: Map<string, Cell>, name: string, tags: Readonly<Record<string, string>>): Cell[] {
  const wanted = Object.entries(tags);
  return [...table.values()].filter(
    (cell) => cell.name === name && wanted.every(([key, value]) => cell.tags[key] === value),
  );
}
