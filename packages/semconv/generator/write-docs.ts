import type { MetricDefinition } from '../src/definition.ts';
import { prometheusFamily } from '../src/prometheus-name.ts';
import type { Group } from './model.ts';

const KIND_WORDS: Readonly<Record<MetricDefinition['kind'], string>> = {
  counter: 'Counter',
  updowncounter: 'UpDownCounter',
  gauge: 'Gauge',
  histogram: 'Histogram',
  observablecounter: 'ObservableCounter',
  observableupdowncounter: 'ObservableUpDownCounter',
  observablegauge: 'ObservableGauge',
};

/** Markdown tables of a group's metrics and attributes, as the package READMEs carry them. */
export function tablesOf(group: Group): string {
  const rows = group.metrics.map(
    (metric) =>
      `| \`${metric.name}\` | ${KIND_WORDS[metric.kind]} | \`${metric.unit}\` | ${codes(metric.attributes)} | ${meaning(metric)} |`,
  );
  const lines = ['| metric | instrument | unit | attributes | meaning |', '|---|---|---|---|---|', ...rows];
  if (group.attributes.length > 0) {
    lines.push('', '| attribute | type | meaning | examples |', '|---|---|---|---|');
    for (const { name, type, description, examples } of group.attributes) {
      lines.push(`| \`${name}\` | ${type} | ${description} | ${codes(examples.map(String))} |`);
    }
  }
  return lines.join('\n');
}

/** The registry as one page, with the Prometheus name beside each metric. */
export function registryPage(groups: readonly Group[]): string {
  const lines = [
    '<!-- Generated from packages/semconv/model by `npm run generate`. Do not edit. -->',
    '# Metrics',
    '',
    'Every metric and attribute Nanometer emits under its own names. Standard conventions (`system.*`, `process.*`, `nodejs.*`,',
    '`v8js.*`) are recorded by their own instrumentations and not repeated here.',
  ];
  for (const group of groups) {
    lines.push('', `## ${group.name}`, '', group.brief, '', tablesOf(group), '');
    lines.push('| metric | in Prometheus |', '|---|---|');
    for (const metric of group.metrics) lines.push(`| \`${metric.name}\` | \`${familyOf(metric)}\` |`);
  }
  return `${lines.join('\n')}\n`;
}

function familyOf(metric: MetricDefinition): string {
  return prometheusFamily({
    name: metric.name,
    unit: metric.unit,
    monotonic: metric.kind === 'counter' || metric.kind === 'observablecounter',
    gauge: metric.kind === 'gauge' || metric.kind === 'observablegauge',
  });
}

function meaning(metric: MetricDefinition): string {
  const notes = [metric.description, metric.definition];
  if (metric.sign !== undefined) notes.push(`Sign: ${metric.sign}.`);
  if (metric.window !== undefined) notes.push(`Window: ${metric.window}.`);
  return notes.join(' ').replaceAll('|', '\\|');
}

function codes(words: readonly string[]): string {
  return words.length === 0 ? '–' : words.map((word) => `\`${word}\``).join(', ');
}

const BLOCK = /(<!-- semconv:begin group=([a-z_]+) -->\n)[\s\S]*?(<!-- semconv:end -->)/g;

/** Fills every `<!-- semconv:begin group=NAME -->` block of a README with that group's tables. */
export function fillBlocks(markdown: string, groups: readonly Group[]): string {
  return markdown.replaceAll(BLOCK, (whole, begin: string, name: string, end: string) => {
    const group = groups.find((candidate) => candidate.name === name);
    return group === undefined ? whole : `${begin}${tablesOf(group)}\n${end}`;
  });
}
