/** One series as a server holds it, its increments over all flushes added up. */
export interface ServerSeries {
  readonly kind: 'counter' | 'gauge' | 'count';
  /** Letters, digits and underscores: what every server can spell. */
  readonly name: string;
  /** Tags the server knows beside the name. */
  readonly tagCount: number;
  readonly value: number;
}

/** A running server, and how to read it. */
export interface StatsdTarget {
  stop(): Promise<void>;
  read(): Promise<readonly ServerSeries[]> | readonly ServerSeries[];
}

/** A name in the alphabet that all servers share. */
export function plainName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, '_');
}

/** Adds up increments and keeps last values, by series. */
export class SeriesTotals {
  readonly #series = new Map<string, ServerSeries>();

  add(kind: ServerSeries['kind'], name: string, tags: readonly string[], value: number): void {
    const key = JSON.stringify([kind, name, tags.toSorted()]);
    const known = kind === 'gauge' ? 0 : (this.#series.get(key)?.value ?? 0);
    this.#series.set(key, { kind, name: plainName(name), tagCount: tags.length, value: known + value });
  }

  get all(): readonly ServerSeries[] {
    return [...this.#series.values()];
  }
}
