/**
 * A stream's way through a storage, which may pause. What begins meanwhile is not part of it, wherever it is placed: its
 * beginning lies after the collection's time.
 */
export class Reading {
  /** Positions from here on began later. */
  readonly end: number;
  /** The number of the last departure that was announced before. */
  readonly lastDeparture: number;
  #begun: Set<number> | undefined = undefined;

  constructor(end: number, lastDeparture: number) {
    this.end = end;
    this.lastDeparture = lastDeparture;
  }

  /** Another series began at a position. */
  noteBegun(position: number): void {
    if (position < this.end) (this.#begun ??= new Set()).add(position);
  }

  /** Whether the series at a position was there when the reading began. */
  includes(position: number): boolean {
    return this.#begun === undefined || !this.#begun.has(position);
  }
}

/** The readings of a storage that are under way. */
export class Readings {
  readonly #open = new Set<Reading>();

  begin(end: number, lastDeparture: number): Reading {
    const reading = new Reading(end, lastDeparture);
    this.#open.add(reading);
    return reading;
  }

  end(reading: Reading): void {
    this.#open.delete(reading);
  }

  noteBegun(position: number): void {
    if (this.#open.size === 0) return;
    for (const reading of this.#open) reading.noteBegun(position);
  }
}
