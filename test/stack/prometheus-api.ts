import { ATTR_TRADING_CURRENCY, prometheusLabel, prometheusName } from '@nanometer/semconv';
import { TOTAL_METRICS, type Totals, TotalsSum } from './totals.ts';

/** One series of an instant query's result. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface QueryAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data?: {
    readonly resultType: string;
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: readonly [number, string] }[];
  };
}

/** The HTTP API of a Prometheus server. */
export class PrometheusApi {
  readonly #base: string;

  /** @param base - such as `http://127.0.0.1:9090`. */
  constructor(base: string) {
    this.#base = base;
  }

  /** Instant query, now or at a Unix time in seconds. Throws the server's message when it refuses the expression. */
  async query(expression: string, timeSeconds?: number): Promise<Sample[]> {
    const response = await fetch(`${this.#base}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({
        query: expression,
        ...(timeSeconds === undefined ? {} : { time: String(timeSeconds) }),
      }),
      signal: AbortSignal.timeout(10_000),
    });
    const answer = (await response.json()) as QueryAnswer;
    if (answer.status !== 'success' || answer.data === undefined) throw new Error(answer.error ?? response.statusText);
    if (answer.data.resultType !== 'vector') throw new Error(`result is a ${answer.data.resultType}, not a vector`);
    return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: numberOf(value[1]) }));
  }

  /** Addresses of the Alertmanagers it sends to. */
  async alertmanagers(): Promise<string[]> {
    const response = await fetch(`${this.#base}/api/v1/alertmanagers`, { signal: AbortSignal.timeout(10_000) });
    const answer = (await response.json()) as { data: { activeAlertmanagers: { url: string }[] } };
    return answer.data.activeAlertmanagers.map(({ url }) => url);
  }

  /** The desk's totals as the server has them. */
  async totals(): Promise<Totals> {
    const currency = prometheusLabel(ATTR_TRADING_CURRENCY);
    const sum = new TotalsSum();
    for (const metric of TOTAL_METRICS) {
      for (const { labels, value } of await this.query(`sum by (${currency}) (${prometheusName(metric)})`)) {
        sum.add(metric.name, labels[currency] ?? '', value);
      }
    }
    return sum.totals;
  }
}

/** A value as Prometheus spells it. */
function numberOf(text: string): number {
  return Number(text.replace(/Inf$/, 'Infinity'));
}
