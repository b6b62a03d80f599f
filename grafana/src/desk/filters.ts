import { ATTR_EXCHANGE_NAME, ATTR_TRADING_STRATEGY } from '@nanometer/semconv';
import type { Matchers } from '../promql.ts';

/** Selected service instances. */
export const BY_JOB: Matchers = { job: '$job' };

/** Selected services and exchanges. */
export const BY_EXCHANGE: Matchers = { ...BY_JOB, [ATTR_EXCHANGE_NAME]: '$exchange' };

/** Selected services, exchanges and strategies. */
export const BY_STRATEGY: Matchers = { ...BY_EXCHANGE, [ATTR_TRADING_STRATEGY]: '$strategy' };
