import { readFileSync } from 'node:fs';

/** Memory and time of one process. */
export interface Usage {
  readonly name: string;
  readonly cpuSeconds: number;
  readonly rssMibMax: number;
  /** Median of the second quarter of the run, when everything has warmed up, and of the last. */
  readonly rssMibEarly: number;
  readonly rssMibLate: number;
}

interface Watched {
  readonly name: string;
  readonly pid: number;
  readonly rssMib: number[];
  cpuSeconds: number;
}

const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 1000;

/** Samples processes once a second from /proc. */
export class UsageWatch {
  readonly #watched: Watched[];
  #timer: NodeJS.Timeout | undefined;

  constructor(processes: Readonly<Record<string, number | undefined>>) {
    this.#watched = Object.entries(processes).flatMap(([name, pid]) =>
      pid === undefined ? [] : [{ name, pid, rssMib: [], cpuSeconds: 0 }],
    );
  }

  /** Samples now and from now on. */
  start(): void {
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  /** Ends sampling and says what was seen. */
  stop(): Usage[] {
    clearInterval(this.#timer);
    return this.#watched.map(({ name, cpuSeconds, rssMib }) => ({
      name,
      cpuSeconds,
      rssMibMax: Math.max(0, ...rssMib),
      rssMibEarly: median(rssMib.slice(Math.floor(rssMib.length / 4), Math.floor(rssMib.length / 2))),
      rssMibLate: median(rssMib.slice(Math.floor((rssMib.length * 3) / 4))),
    }));
  }

  #sample(): void {
    for (const watched of this.#watched) {
      try {
        const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${watched.pid}/status`, 'utf8'))?.[1];
        if (kib !== undefined) watched.rssMib.push(Number(kib) / 1024);
        watched.cpuSeconds = cpuSeconds(readFileSync(`/proc/${watched.pid}/stat`, 'utf8'));
      } catch (error) {
        // It has ended; what was seen of it stays.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }
}

/** User and system seconds in the text of /proc/PID/stat, whose second field may hold spaces and brackets. */
export function cpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
