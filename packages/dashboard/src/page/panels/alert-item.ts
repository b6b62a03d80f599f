import type { AlertBook, AlertRow } from '../feed/alert-book.ts';
import { formatAge, formatClock, formatTick, NO_DATA } from '../format.ts';
import { el, setHidden, setText } from '../view/dom.ts';

const MARKS: Readonly<Record<string, string>> = { critical: '▲', warning: '●', info: '○' };
/** What places an offender, in the order a person asks: which book, which symbol. */
const PLACES: readonly string[] = [
  'trading_symbol',
  'trading_strategy',
  'exchange_name',
  'risk_limit_name',
  'service_name',
];
const SHELVES: readonly (readonly [label: string, duration: string])[] = [
  ['15 min', '15m'],
  ['1 hour', '1h'],
  ['4 hours', '4h'],
  ['1 day', '1d'],
];

/** What an item of the rail can ask for. */
export interface AlertItemInputs {
  readonly book: AlertBook;
  /** The reader's name; asks for it when it is not known, `undefined` when the reader gives none. */
  readonly reader: () => string | undefined;
  /** Shows the offending position. */
  readonly locate: (text: string) => void;
  readonly nowMs: () => number;
}

/** Where an alert comes from, in words: `BTCUSDT · maker`. */
export function placeOf({ labels }: AlertRow): string {
  return PLACES.flatMap((name) => labels[name] ?? []).join(' · ');
}

/** One alert of the rail: what, how much, where, since when, who deals with it, and what can be done. */
export class AlertItem {
  readonly element: HTMLElement;
  readonly #inputs: AlertItemInputs;
  readonly #fingerprint: string;
  readonly #name: HTMLElement = el('b', { class: 'alert-name' });
  readonly #since: HTMLElement = el('span', { class: 'alert-since' });
  readonly #value: HTMLElement = el('p', { class: 'alert-value' });
  readonly #place: HTMLButtonElement = el('button', { class: 'alert-place', attributes: { type: 'button' } });
  readonly #summary: HTMLElement = el('p', { class: 'alert-summary' });
  readonly #mark: HTMLElement = el('p', { class: 'alert-mark' });
  readonly #problem: HTMLElement = el('p', { class: 'alert-problem', attributes: { role: 'alert' } });
  readonly #runbook: HTMLAnchorElement = el('a', {
    text: 'Runbook',
    attributes: { rel: 'noreferrer noopener', target: '_blank' },
  });
  readonly #acknowledge: HTMLButtonElement = el('button', {
    class: 'tool',
    text: 'Acknowledge',
    attributes: { type: 'button' },
  });
  readonly #actions: HTMLElement;

  constructor(fingerprint: string, inputs: AlertItemInputs) {
    this.#fingerprint = fingerprint;
    this.#inputs = inputs;
    const shelve = el(
      'select',
      { class: 'tool', attributes: { 'aria-label': 'Shelve this alert for' } },
      el('option', { text: 'Shelve…', attributes: { value: '' } }),
      ...SHELVES.map(([text, value]) => el('option', { text, attributes: { value } })),
    );
    shelve.addEventListener('change', () => {
      const duration = shelve.value;
      shelve.value = '';
      if (duration !== '') void this.#act((by) => inputs.book.shelve(fingerprint, by, duration));
    });
    this.#acknowledge.addEventListener('click', () => {
      void this.#act((by) => inputs.book.acknowledge(fingerprint, by));
    });
    this.#place.addEventListener('click', () => inputs.locate(this.#place.dataset['filter'] ?? ''));
    this.#actions = el('div', { class: 'alert-actions' }, this.#acknowledge, shelve, this.#runbook);
    this.element = el(
      'li',
      { class: 'alert' },
      el('div', { class: 'alert-head' }, this.#name, this.#since),
      this.#value,
      this.#place,
      this.#summary,
      this.#mark,
      this.#problem,
      this.#actions,
    );
    setHidden(this.#problem, true);
  }

  show(row: AlertRow, nowMs: number): void {
    const ended = row.state === 'resolved';
    this.element.dataset['severity'] = row.severity;
    this.element.dataset['state'] = row.state;
    setText(this.#name, `${MARKS[row.severity] ?? '○'} ${row.rule}`);
    const since = row.startsAtMs ?? row.activeAtMs;
    const age = formatAge(((ended ? (row.endsAtMs ?? nowMs) : nowMs) - since) / 1000);
    setText(this.#since, ended ? `${formatClock(since)}, for ${age}` : `${row.state} ${age}`);
    const value = row.value === undefined ? NO_DATA : formatTick(row.value);
    const threshold = row.threshold === undefined ? '' : `, threshold ${formatTick(row.threshold)}`;
    setText(this.#value, `${row.severity}: ${value}${threshold}`);
    const place = placeOf(row);
    setHidden(this.#place, place === '');
    setText(this.#place, place);
    this.#place.dataset['filter'] = row.labels['trading_symbol'] ?? row.labels['trading_strategy'] ?? '';
    const summary = row.annotations['summary'] ?? row.annotations['description'] ?? '';
    setHidden(this.#summary, summary === '');
    setText(this.#summary, summary);
    const runbook = row.annotations['runbook_url'] ?? '';
    setHidden(this.#runbook, !/^https?:\/\//.test(runbook));
    if (this.#runbook.href !== runbook && runbook !== '') this.#runbook.href = runbook;
    setText(this.#mark, markOf(row, nowMs));
    setHidden(this.#mark, this.#mark.textContent === '');
    setHidden(this.#acknowledge, row.acknowledgement !== undefined);
    setHidden(this.#actions, ended);
  }

  async #act(action: (by: string) => Promise<string | undefined>): Promise<void> {
    const by = this.#inputs.reader();
    const problem = by === undefined ? 'Your name is needed first, above the list.' : await action(by);
    setText(this.#problem, problem ?? '');
    setHidden(this.#problem, problem === undefined);
  }

  get fingerprint(): string {
    return this.#fingerprint;
  }
}

function markOf({ acknowledgement, shelf, suppressedBy }: AlertRow, nowMs: number): string {
  const parts: string[] = [];
  if (acknowledgement !== undefined) {
    parts.push(`acknowledged by ${acknowledgement.by} at ${formatClock(acknowledgement.atMs)}`);
  }
  if (shelf !== undefined) {
    parts.push(`shelved by ${shelf.by} for ${formatAge(((shelf.untilMs ?? nowMs) - nowMs) / 1000)} more`);
  } else if (suppressedBy !== undefined) parts.push(suppressedBy);
  return parts.join(' · ');
}
