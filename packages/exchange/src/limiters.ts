import { type BoundCounter, type BoundGauge, bindCounter, bindGauge } from '@nanometer/metrics';
import { isDuration, isName } from '@nanometer/instrumentation';
import { ATTR_EXCHANGE_BAN_CAUSE, ATTR_EXCHANGE_LIMITER } from '@nanometer/semconv';
import type { Attributes, BatchObservableResult } from '@opentelemetry/api';
import type { Drops } from './drops.ts';
import type { Instruments } from './instruments.ts';

interface Limiter {
  readonly attributes: Attributes;
  readonly utilization: BoundGauge;
  /** Unix milliseconds; NaN where it is not told. */
  resetTimeMs: number;
}

/** HTTP status of an answer that refuses for too many requests, and of one that bans for going on. */
const LIMITED = 429;
const BANNED = 418;

/** The rate limiters of one exchange, and its bans. */
export class Limiters {
  readonly #instruments: Instruments;
  readonly #drops: Drops;
  readonly #limit: number;
  readonly #attributes: Attributes;
  readonly #limiters = new Map<string, Limiter>();
  readonly #limited: BoundCounter;
  readonly #banned: BoundCounter;
  /** Unix milliseconds; NaN before the first ban. */
  #bannedUntilMs = Number.NaN;

  constructor(instruments: Instruments, drops: Drops, limit: number, attributes: Attributes) {
    this.#instruments = instruments;
    this.#drops = drops;
    this.#limit = limit;
    this.#attributes = attributes;
    this.#limited = bindCounter(instruments.banCount, { ...attributes, [ATTR_EXCHANGE_BAN_CAUSE]: 'limited' });
    this.#banned = bindCounter(instruments.banCount, { ...attributes, [ATTR_EXCHANGE_BAN_CAUSE]: 'banned' });
  }

  read(name: string, used: number, limit: number, resetTimeMs: number | undefined): void {
    const utilization = isDuration(used) && isDuration(limit) ? used / limit : Number.NaN;
    if (!Number.isFinite(utilization)) {
      this.#drops.count('invalid_limit');
      return;
    }
    const limiter = this.#limiters.get(name) ?? this.#add(name);
    if (limiter === undefined) return;
    limiter.utilization.record(utilization);
    limiter.resetTimeMs = resetTimeMs ?? Number.NaN;
  }

  /** An answer with this status, and the end that its `Retry-After` gives; NaN where that cannot be read. */
  answered(status: number, allowedAgainMs: number | undefined): void {
    if (status === LIMITED) this.#limited.add(1);
    else if (status === BANNED) this.#banned.add(1);
    else return;
    if (allowedAgainMs === undefined) return;
    if (Number.isNaN(allowedAgainMs)) this.#drops.count('malformed_header');
    else if (!(allowedAgainMs <= this.#bannedUntilMs)) this.#bannedUntilMs = allowedAgainMs;
  }

  /** When requests are allowed again, Unix milliseconds; undefined where no ban is known. */
  get bannedUntilMs(): number | undefined {
    return Number.isNaN(this.#bannedUntilMs) ? undefined : this.#bannedUntilMs;
  }

  observe(result: BatchObservableResult, nowMs: number): void {
    const { banRemaining, rateLimitReset } = this.#instruments;
    if (this.#bannedUntilMs > nowMs) {
      result.observe(banRemaining, (this.#bannedUntilMs - nowMs) / 1000, this.#attributes);
    }
    for (const { attributes, resetTimeMs } of this.#limiters.values()) {
      if (resetTimeMs > nowMs) result.observe(rateLimitReset, (resetTimeMs - nowMs) / 1000, attributes);
    }
  }

  #add(name: string): Limiter | undefined {
    if (!isName(name) || this.#limiters.size >= this.#limit) {
      this.#drops.count(isName(name) ? 'too_many_limiters' : 'invalid_name');
      return undefined;
    }
    const attributes = { ...this.#attributes, [ATTR_EXCHANGE_LIMITER]: name };
    const utilization = bindGauge(this.#instruments.rateLimitUtilization, attributes);
    const limiter = { attributes, utilization, resetTimeMs: Number.NaN };
    this.#limiters.set(name, limiter);
    return limiter;
  }
}
