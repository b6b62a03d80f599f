import { formatAge, formatPercent } from '../format.ts';
import type { Model } from '../model.ts';
import { BarList, type ListedBar } from '../view/bar-list.ts';
import { freshness } from '../view/freshness.ts';
import { type Frame, type OptionalPanel, panelShell, TABLE_INTERVAL_MS, TextClock } from '../view/panel.ts';

const NEAR = 0.8;

/** How much of each exchange's rate limits is used up, and when they start anew: seen before the ban, not after. */
export class RateLimitsPanel implements OptionalPanel {
  readonly title = 'Rate limits of exchanges';
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #bars: BarList = new BarList('Use of rate limits by exchange and limiter');
  readonly #textClock: TextClock = new TextClock(TABLE_INTERVAL_MS);

  constructor(model: Model) {
    this.#model = model;
    const shell = panelShell('limiters', this.title, 'used share; near the limit from 80 %');
    this.element = shell.element;
    shell.body.append(this.#bars.element);
  }

  missing(): string | undefined {
    const { limiterUse, banRemaining } = this.#model.market;
    const any = [...limiterUse.cells(), ...banRemaining.cells()].length > 0;
    return any ? undefined : 'No data: waiting for exchange.rate_limit.utilization.';
  }

  frame(frame: Frame): void {
    if (!this.#textClock.due(frame)) return;
    const { limiterUse, limiterReset, banRemaining } = this.#model.market;
    const bans: ListedBar[] = banRemaining
      .cells()
      .filter(({ value }) => value > 0)
      .map(({ key: [exchange], value }) => ({
        key: `ban ${exchange}`,
        name: `${exchange} ban`,
        share: 1,
        text: `✕ ${formatAge(value)} left`,
        tone: 'over',
        stale: false,
      }));
    const uses: ListedBar[] = limiterUse
      .cells()
      .filter(({ key, value }) => !Number.isNaN(value) && frame.view.shows(key))
      .map((cell) => {
        const { key, value } = cell;
        const reset = limiterReset.value(...key);
        return {
          key: key.join('\u0000'),
          name: key.join(' '),
          share: value,
          text: `${formatPercent(value, 0)}${reset > 0 ? ` · ${formatAge(reset)}` : ''}`,
          tone: value >= 1 ? 'over' : value >= NEAR ? 'near' : '',
          stale: freshness([cell], frame.nowMs).state === 'stale',
        };
      });
    this.#bars.show([...bans, ...uses]);
  }
}
