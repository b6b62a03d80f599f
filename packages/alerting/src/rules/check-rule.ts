import { prometheusLabel } from '@nanometer/semconv';
import { checkAttribute, checkSelector, RESOURCE_KEYS } from './check-selector.ts';
import { parseDuration } from './duration.ts';
import { didYouMean } from './nearest.ts';
import type { Problem } from './problem.ts';
import type { RawLevel, RawRule } from './raw-rule.ts';
import { type Aggregate, type Condition, type Level, type Rule, selectorsOf, TIERS } from './rule.ts';
import { intendedPlaceholder, PLACEHOLDERS, templateFaults, templateParts } from './template.ts';
import { tierFault } from './tier-fault.ts';
import type { Path, YamlSource } from './yaml-source.ts';

const LOOKBACK_MS = 300_000;
const FORGET_MS = 3_600_000;
const PERCENTILE_WINDOW_MS = 60_000;
const RESERVED_LABELS: readonly string[] = ['alertname', 'severity'];

/** The rule written at a path; `undefined` when it has mistakes, which go to `problems`. */
export function checkRule(source: YamlSource, path: Path, raw: RawRule, problems: Problem[]): Rule | undefined {
  const before = problems.length;
  const checker = new RuleChecker(source, path, raw, problems);
  const rule = checker.rule();
  return problems.length === before ? rule : undefined;
}

class RuleChecker {
  readonly #source: YamlSource;
  readonly #path: Path;
  readonly #raw: RawRule;
  readonly #problems: Problem[];

  constructor(source: YamlSource, path: Path, raw: RawRule, problems: Problem[]) {
    this.#source = source;
    this.#path = path;
    this.#raw = raw;
    this.#problems = problems;
  }

  rule(): Rule | undefined {
    const raw = this.#raw;
    const condition = this.#condition();
    if (condition === undefined) return undefined;
    const by = this.#by(condition);
    this.#labels();
    for (const key of ['summary', 'description'] as const) this.#template(key, condition, by);
    const rule = {
      name: raw.name,
      severity: raw.severity,
      condition,
      by,
      forMs: ms(raw.for, 0),
      keepFiringMs: ms(raw.keepFiring, 0),
      lookbackMs: ms(raw.lookback, LOOKBACK_MS),
      labels: raw.labels ?? {},
      summary: raw.summary,
      description: raw.description,
      runbook: raw.runbook,
      panel: raw.panel,
    };
    const tiers = raw.tiers ?? TIERS;
    for (const [index, tier] of tiers.entries()) {
      const fault = tierFault(rule, tier);
      if (fault === undefined) continue;
      const able = TIERS.filter((each) => tierFault(rule, each) === undefined);
      const at: Path = raw.tiers === undefined ? ['kind'] : ['tiers', index];
      this.#report(at, `tier ${tier} cannot evaluate this rule: ${fault}; write tiers: [${able.join(', ')}]`);
    }
    return { ...rule, tiers };
  }

  #condition(): Condition | undefined {
    const raw = this.#raw;
    const select = (path: Path, from: Parameters<typeof checkSelector>[2]): ReturnType<typeof checkSelector> =>
      checkSelector(this.#source, [...this.#path, ...path], from, this.#problems);
    switch (raw.kind) {
      case 'threshold': {
        const selected = select([], raw);
        const level = this.#level(raw);
        if (!selected || !level) return undefined;
        const windowMs = this.#positive('window', raw.window, PERCENTILE_WINDOW_MS);
        if (raw.window !== undefined && !selected.field.startsWith('p')) {
          this.#reportKey(
            'window',
            'only percentiles of a histogram have a window here; for a change over time use kind: rate',
          );
        }
        return { kind: 'threshold', select: selected, aggregate: this.#aggregate(raw), level, windowMs };
      }
      case 'absence': {
        const selected = select([], raw);
        if (!selected) return undefined;
        return { kind: 'absence', select: selected, afterMs: this.#positive('after', raw.after, 0) };
      }
      case 'staleness': {
        const selected = select([], raw);
        if (!selected) return undefined;
        const afterMs = this.#positive('after', raw.after, 0);
        const forgetMs = ms(raw.forget, FORGET_MS);
        if (raw.aggregate === 'sum')
          this.#report(['aggregate'], 'a sum of ages says nothing; use max (any) or min (all)');
        if (forgetMs <= afterMs)
          this.#reportKey('forget', 'forget must be longer than after, or the alert could never fire');
        return { kind: 'staleness', select: selected, aggregate: this.#aggregate(raw), afterMs, forgetMs };
      }
      case 'rate': {
        const selected = select([], raw);
        const level = this.#level(raw);
        if (!selected || !level) return undefined;
        if (selected.field.startsWith('p')) this.#reportKey('field', 'a percentile has no rate; use count or sum');
        const windowMs = this.#positive('window', raw.window, 0);
        const perMs = this.#positive('per', raw.per, 1000);
        return { kind: 'rate', select: selected, aggregate: this.#aggregate(raw), level, windowMs, perMs };
      }
      case 'ratio': {
        const numerator = select(['numerator'], raw.numerator);
        const denominator = select(['denominator'], raw.denominator);
        const level = this.#level(raw);
        if (!numerator || !denominator || !level) return undefined;
        const windowMs = raw.window === undefined ? undefined : this.#positive('window', raw.window, 0);
        return { kind: 'ratio', numerator, denominator, level, windowMs, minimum: raw.minimum };
      }
      case 'burnRate':
        break;
    }
    const bad = select(['bad'], raw.bad);
    const total = select(['total'], raw.total);
    if (!bad || !total) return undefined;
    const windows = raw.windows.map(({ long, short, factor }, index) => {
      const [longMs, shortMs] = [ms(long, 0), ms(short, 0)];
      if (!(shortMs > 0 && shortMs < longMs)) {
        const message = `short (${short}) must be above 0 and shorter than long (${long})`;
        this.#report(['windows', index, 'short'], message);
      }
      return { longMs, shortMs, factor };
    });
    return { kind: 'burnRate', bad, total, objective: raw.objective, windows };
  }

  #aggregate({ aggregate = 'each' }: { readonly aggregate?: Aggregate }): Aggregate {
    if (aggregate === 'each' && this.#raw.by !== undefined) {
      this.#reportKey('by', 'by needs aggregate: sum, max or min; with each, every series is looked at alone');
    }
    return aggregate;
  }

  #level({ above, below, clear }: RawLevel): Level | undefined {
    if ((above === undefined) === (below === undefined)) {
      const message =
        above === undefined ? '"above" or "below" is missing' : 'above and below exclude each other; write two rules';
      this.#report(above === undefined ? [] : ['below'], message);
      return undefined;
    }
    const direction = above === undefined ? 'below' : 'above';
    const limit = (above ?? below)!;
    const wrongSide = clear !== undefined && (direction === 'above' ? clear > limit : clear < limit);
    if (wrongSide) this.#report(['clear'], `clear (${clear}) must be on the quiet side of ${direction} (${limit})`);
    return { direction, limit, clear: clear ?? limit };
  }

  #by(condition: Condition): readonly string[] | undefined {
    const { by } = this.#raw;
    const isAlone = 'aggregate' in condition && condition.aggregate === 'each';
    if (condition.kind === 'absence' || isAlone) return undefined;
    for (const [index, key] of (by ?? []).entries()) {
      for (const { metric } of selectorsOf(condition)) {
        checkAttribute(this.#source, [...this.#path, 'by'], key, metric, this.#problems, index);
      }
    }
    return [...(by ?? [])].sort();
  }

  #labels(): void {
    for (const [key, text] of Object.entries(this.#raw.labels ?? {})) {
      if (RESERVED_LABELS.includes(key)) {
        const message = `the label "${key}" is set by the rule itself`;
        this.#problems.push(this.#source.atKey([...this.#path, 'labels'], key, message));
      }
      if (text === '') this.#report(['labels', key], `an empty label is no label; leave "${key}" out`);
      if (text.includes('{{'))
        this.#report(['labels', key], 'a label is part of the alert’s identity and has no placeholders');
    }
  }

  #template(key: 'summary' | 'description', condition: Condition, by: readonly string[] | undefined): void {
    const text = this.#raw[key];
    if (text === undefined) return;
    for (const fault of templateFaults(text)) {
      const intended = intendedPlaceholder(fault);
      const hint = intended === undefined ? '' : `; did you mean "${intended}"?`;
      const allowed = '{{value}}, {{value|percent}}, {{threshold}}, {{series}} or an attribute in braces';
      this.#report([key], `${fault} is no placeholder${hint} (write ${allowed})`);
    }
    const [first] = selectorsOf(condition);
    const kept = by ?? [...(first?.metric.attributes ?? []), ...RESOURCE_KEYS];
    const allowed = [...PLACEHOLDERS, ...kept, ...Object.keys(this.#raw.labels ?? {})];
    const isOpen = by === undefined && first?.metric.attributes === undefined;
    for (const part of templateParts(text)) {
      if (!('placeholder' in part) || isOpen) continue;
      if (allowed.some((each) => prometheusLabel(each) === prometheusLabel(part.placeholder))) continue;
      const hint = didYouMean(part.placeholder, allowed);
      this.#report([key], `{{${part.placeholder}}} is nothing this rule keeps${hint} (it keeps ${allowed.join(', ')})`);
    }
  }

  #positive(key: string, text: string | undefined, fallback: number): number {
    const value = ms(text, fallback);
    if (text !== undefined && !(value > 0)) this.#report([key], `${key} must be above 0`);
    return value;
  }

  #report(path: Path, message: string): void {
    this.#problems.push(this.#source.at([...this.#path, ...path], message));
  }

  #reportKey(key: string, message: string): void {
    this.#problems.push(this.#source.atKey(this.#path, key, message));
  }
}

/** The schema has checked the spelling. */
function ms(text: string | undefined, fallback: number): number {
  return text === undefined ? fallback : (parseDuration(text) ?? fallback);
}
