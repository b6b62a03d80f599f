import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { History, type HistoryOptions, type RollupAnswer } from '@nanometer/history';

export const NOW_MS = Date.UTC(2026, 0, 15, 12, 0, 30);
export const MINUTE_MS = 60_000;

/** Histories in a folder of their own, closed and deleted after the test. */
export class Histories {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'history-'));
  readonly #open: History[] = [];
  nowMs: number = NOW_MS;

  get path(): string {
    return join(this.folder, 'history.sqlite');
  }

  async open(options: Partial<HistoryOptions> = {}): Promise<History> {
    const history = await History.open({ path: this.path, now: () => this.nowMs, ...options });
    this.#open.push(history);
    return history;
  }

  async end(): Promise<void> {
    for (const history of this.#open) await history.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const gauge = (name: string, attributes: Record<string, string> = {}) =>
  ({ name, kind: 'gauge', unit: '1', attributes, resource: {} }) as const;
export const counter = (name: string) => ({ name, kind: 'counter', unit: '1', attributes: {}, resource: {} }) as const;
export const histogram = (name: string) =>
  ({ name, kind: 'histogram', unit: 's', attributes: {}, resource: {} }) as const;

/** All minutes of a metric within a day. */
export function minutesOf(history: History, name: string, nowMs: number = NOW_MS): Promise<RollupAnswer> {
  const toMs = Math.ceil(nowMs / MINUTE_MS) * MINUTE_MS + 600_000;
  return history.rollups({
    name,
    attributes: {},
    resource: {},
    fromMs: toMs - 86_400_000,
    toMs,
    stepMs: MINUTE_MS,
    resolution: 'minute',
  });
}
