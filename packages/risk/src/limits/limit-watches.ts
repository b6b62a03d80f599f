import { EXPOSURE_DIMENSIONS } from '@nanometer/quant';
import { RiskOptionError } from '../risk-option-error.ts';
import { groupUse, LIMIT_KINDS } from './limit-kinds.ts';
import type { GroupLimit, Limit, LimitLevels, RiskLimits } from './limit-options.ts';
import { LimitWatch } from './limit-watch.ts';

function levelsOf(name: string, limit: Limit): LimitLevels {
  const levels = typeof limit === 'object' && limit !== null ? limit : { hard: limit };
  const { hard, soft } = levels;
  if (!(Number.isFinite(hard) && hard > 0)) {
    throw new RiskOptionError(`${name} is ${String(hard)}; it must be a finite number above 0`);
  }
  if (soft !== undefined && !(soft > 0 && soft < hard)) {
    throw new RiskOptionError(`${name}.soft is ${String(soft)}; it must lie between 0 and the hard level ${hard}`);
  }
  return levels;
}

function groupWatches(limit: GroupLimit, at: number): LimitWatch[] {
  const place = `limits.groups[${at}]`;
  if (!EXPOSURE_DIMENSIONS.includes(limit.dimension)) {
    throw new RiskOptionError(`${place}.dimension is ${limit.dimension}; there are ${EXPOSURE_DIMENSIONS.join(', ')}`);
  }
  if (typeof limit.group !== 'string') throw new RiskOptionError(`${place}.group must name a ${limit.dimension}`);
  const suffix = `${limit.dimension}/${limit.group}`;
  const watches: LimitWatch[] = [];
  const { grossExposure, netExposure } = limit;
  if (grossExposure !== undefined) {
    const levels = levelsOf(`${place}.grossExposure`, grossExposure);
    watches.push(new LimitWatch(`gross_exposure/${suffix}`, levels, groupUse(limit, 'gross'), limit));
  }
  if (netExposure !== undefined) {
    const levels = levelsOf(`${place}.netExposure`, netExposure);
    watches.push(new LimitWatch(`net_exposure/${suffix}`, levels, groupUse(limit, 'net'), limit));
  }
  return watches;
}

/** One watch for each limit given. Throws a {@link RiskOptionError}. */
export function limitWatches(limits: RiskLimits): LimitWatch[] {
  for (const name of Object.keys(limits)) {
    if (name === 'groups' || LIMIT_KINDS.some((kind) => kind.option === name)) continue;
    const known = [...LIMIT_KINDS.map((kind) => kind.option), 'groups'].join(', ');
    throw new RiskOptionError(`limits.${name} is unknown; there are ${known}`);
  }
  const watches: LimitWatch[] = [];
  for (const { option, name, use } of LIMIT_KINDS) {
    const limit = limits[option];
    if (limit !== undefined) watches.push(new LimitWatch(name, levelsOf(`limits.${option}`, limit), use));
  }
  for (const [at, limit] of (limits.groups ?? []).entries()) watches.push(...groupWatches(limit, at));
  const names = watches.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new RiskOptionError(`limits.groups has ${twice} twice; a limit can be given once`);
  return watches;
}
