// By clause of the OpenTelemetry specification (1.60), run against this package and the stock SDK alike. What is expected
// of either is stated with the requirement and checked, so that docs/conformance.md is proven by every run.
import { describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { CARDINALITY } from './conformance/cardinality.ts';
import { EXEMPLARS } from './conformance/exemplars.ts';
import { HISTOGRAMS } from './conformance/histograms.ts';
import { OURS, STOCK } from './conformance/implementation.ts';
import { INSTRUMENTS } from './conformance/instruments.ts';
import { MEASUREMENTS } from './conformance/measurements.ts';
import { OBSERVABLES } from './conformance/observables.ts';
import { PROVIDER } from './conformance/provider.ts';
import { READERS } from './conformance/readers.ts';
import type { Failure, Outcome, Section } from './conformance/requirement.ts';
import { deviationTable, fullTable } from './conformance/table.ts';
import { VIEWS } from './conformance/views.ts';

const SECTIONS: readonly Section[] = [
  ...PROVIDER,
  ...INSTRUMENTS,
  ...MEASUREMENTS,
  ...VIEWS,
  ...CARDINALITY,
  ...HISTOGRAMS,
  ...READERS,
  ...OBSERVABLES,
  ...EXEMPLARS,
];

function isExpected(error: unknown, { lacks }: Failure): boolean {
  const isAssertion = 'matcherResult' in (error as object);
  return lacks === undefined ? isAssertion : String(error).includes(`${lacks} is not a function`);
}

async function check(program: Promise<void>, expected: Outcome): Promise<void> {
  if (expected === 'passes') {
    await program;
    return;
  }
  const error = await program.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) throw new Error(`passes, though expected to fail: ${expected.reason}`);
  // A program that breaks for another reason proves nothing about the one stated.
  if (!isExpected(error, expected)) throw error;
}

describe.each([OURS, STOCK].map((sdk) => [sdk.name, sdk] as const))('%s', (_name, sdk) => {
  for (const { document, heading, requirements } of SECTIONS) {
    describe(`${document}: ${heading}`, () => {
      for (const { keyword, title, run, ours, stock } of requirements) {
        const expected = sdk === OURS ? ours : stock;
        const verdict = expected === 'passes' ? '' : ' (known not to)';
        test(`${keyword}: ${title}${verdict}`, () => check(sdk.run(run), expected));
      }
    });
  }
});

describe('the tables of results', () => {
  const page = new URL('../docs/conformance.md', import.meta.url);
  const readme = new URL('../README.md', import.meta.url);
  const marked = /(<!-- conformance -->)[^]*(<!-- \/conformance -->)/;
  const formatted = async (text: string, file: URL): Promise<string> =>
    format(text, { ...(await resolveConfig(file)), parser: 'markdown' });

  test('docs/conformance.md and README.md say what the suite checks', async () => {
    const expectedPage = await formatted(fullTable(SECTIONS), page);
    const text = readFileSync(readme, 'utf8');
    expect(text).toMatch(marked);
    const table = await formatted(deviationTable(SECTIONS), readme);
    const expectedReadme = text.replace(marked, (_all, begin: string, end: string) => `${begin}\n\n${table}\n${end}`);
    if (process.env['UPDATE_CONFORMANCE'] === '1') {
      writeFileSync(page, expectedPage);
      writeFileSync(readme, expectedReadme);
    }
    expect(readFileSync(page, 'utf8')).toBe(expectedPage);
    expect(readFileSync(readme, 'utf8')).toBe(expectedReadme);
  });

  test('every numbered deviation but the exporter’s is proven by a requirement', () => {
    const numbers = new Set(
      SECTIONS.flatMap(({ requirements }) =>
        requirements.flatMap(({ stock }) => (stock === 'passes' ? [] : (stock.deviation ?? []))),
      ),
    );
    expect([...numbers].sort()).toEqual(
      ['D1', 'D2', 'D3', 'D4', 'D5', 'D6', 'D7', 'D8', 'D9', 'D9b', 'D10', 'D11'].sort(),
    );
  });
});
