import { parseDuration } from '../rules/duration.ts';
import { FileProblems, type Problem } from '../rules/problem.ts';
import { parseSamples, parseSeries, type SeriesText } from './parse-series.ts';

/** A series with its samples, one per step. */
export interface TestSeries {
  readonly series: SeriesText;
  readonly samples: readonly (number | undefined)[];
}

/** An alert that must be there at a time. */
export interface ExpectedAlert {
  readonly line: number;
  readonly rule: string;
  readonly state: 'firing' | 'pending';
  /** Attributes or labels it must have; others are not asked for. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly summary: string | undefined;
}

/** What must be the case at a time: exactly these alerts fire, and these are pending. */
export interface Check {
  readonly line: number;
  readonly atMs: number;
  readonly alerts: readonly ExpectedAlert[];
}

/** One test of a rule test file. */
export interface RuleTest {
  readonly name: string;
  readonly line: number;
  readonly everyMs: number;
  readonly series: readonly TestSeries[];
  readonly checks: readonly Check[];
}

/** A rule test file. */
export interface RuleTestFile {
  /** The rule file it is for, as written; relative to the test file. */
  readonly rules: string | undefined;
  readonly tests: readonly RuleTest[];
}

interface Draft {
  name: string;
  line: number;
  everyMs: number;
  series: TestSeries[];
  checks: Map<number, { line: number; atMs: number; alerts: ExpectedAlert[] }>;
}

/**
 * Reads a rule test file. One statement a line; `#` begins a comment:
 *
 *     rules desk.yaml
 *     test a limit fires above 1
 *     every 1s
 *     series risk.limit.utilization{job="desk", risk.limit.name="gross"} 0.99 1 1.01
 *     at 1s nothing
 *     at 2s ExposureLimit{risk.limit.name="gross"} firing "desk: limit gross is breached"
 *
 * @throws FileProblems `RULE_TEST_INVALID` with all mistakes.
 */
export function parseRuleTests(file: string, text: string): RuleTestFile {
  const parser = new Parser(file);
  for (const [index, line] of text.split('\n').entries()) parser.line(index + 1, line);
  parser.end();
  if (parser.problems.length > 0) throw new FileProblems('RULE_TEST_INVALID', parser.problems, text);
  const tests = parser.tests.map((draft) => ({
    ...draft,
    checks: [...draft.checks.values()].sort((a, b) => a.atMs - b.atMs),
  }));
  return { rules: parser.rules, tests };
}

class Parser {
  readonly problems: Problem[] = [];
  readonly tests: Draft[] = [];
  rules: string | undefined;
  readonly #file: string;
  #line = 0;
  #text = '';

  constructor(file: string) {
    this.#file = file;
  }

  line(number: number, text: string): void {
    this.#line = number;
    this.#text = text.replace(/\r$/, '');
    const statement = /^\s*(?:#.*)?$/.test(text) ? undefined : /^\s*(\S+)\s*(.*?)\s*$/.exec(this.#text);
    if (!statement) return;
    const [, keyword = '', rest = ''] = statement;
    if (keyword === 'rules') this.rules = rest;
    else if (keyword === 'test') this.#test(rest);
    else if (keyword === 'every') this.#every(rest);
    else if (keyword === 'series') this.#series(rest);
    else if (keyword === 'at') this.#at(rest);
    else this.#report(keyword, `"${keyword}" is no statement; one of rules, test, every, series, at`);
  }

  end(): void {
    for (const { name, line, checks } of this.tests) {
      if (checks.size > 0) continue;
      this.problems.push({
        file: this.#file,
        line,
        column: 1,
        length: 4,
        message: `test "${name}" asserts nothing; add an "at" line`,
      });
    }
  }

  #test(name: string): void {
    if (name === '') this.#report('test', 'a test needs a name that says what the rule does');
    this.tests.push({ name, line: this.#line, everyMs: 1000, series: [], checks: new Map() });
  }

  #current(): Draft | undefined {
    const current = this.tests.at(-1);
    if (current === undefined) this.#report(this.#text.trim(), 'expected "test NAME" before this line');
    return current;
  }

  #every(text: string): void {
    const current = this.#current();
    const ms = parseDuration(text);
    if (!ms) this.#report(text, `"${text}" is no step; write a duration such as 1s`);
    else if (current) current.everyMs = ms;
  }

  #series(text: string): void {
    const current = this.#current();
    const series = parseSeries(text);
    if (typeof series === 'string') return this.#report(text, series);
    const samples = parseSamples(text.slice(series.length));
    if (typeof samples === 'string') return this.#report(text.slice(series.length).trim(), samples);
    current?.series.push({ series, samples });
  }

  #at(text: string): void {
    const current = this.#current();
    const [, time = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(text) ?? [];
    const atMs = parseDuration(time);
    if (atMs === undefined) return this.#report(time || 'at', `"${time}" is no time; write a duration such as 10s`);
    if (current === undefined) return;
    const check = current.checks.get(atMs) ?? { line: this.#line, atMs, alerts: [] };
    current.checks.set(atMs, check);
    if (rest === 'nothing') return;
    const series = parseSeries(rest);
    if (typeof series === 'string') return this.#report(rest || 'at', `${series}, or "nothing"`);
    const tail = /^\s*(firing|pending)?\s*("(?:[^"\\]|\\.)*")?\s*$/.exec(rest.slice(series.length));
    if (tail === null) {
      return this.#report(rest.slice(series.length).trim(), 'expected firing or pending, and the summary in quotes');
    }
    check.alerts.push({
      line: this.#line,
      rule: series.name,
      attributes: series.attributes,
      state: tail[1] === 'pending' ? 'pending' : 'firing',
      summary: tail[2] === undefined ? undefined : tail[2].slice(1, -1).replaceAll(/\\(.)/g, '$1'),
    });
  }

  #report(what: string, message: string): void {
    const column = Math.max(0, this.#text.indexOf(what)) + 1;
    this.problems.push({ file: this.#file, line: this.#line, column, length: Math.max(1, what.length), message });
  }
}
