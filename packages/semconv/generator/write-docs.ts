import type { InstrumentKind, MetricDefinition } from '../src/definition.ts';
import { prometheusName } from '../src/prometheus-name.ts';
import type { Group } from './model.ts';

const KIND_WORDS: Readonly<Record<InstrumentKind, string>> = {
  counter: 'Counter',
  updowncounter: 'UpDownCounter',
  gauge: 'Gauge',
  histogram: 'Histogram',
  observablecounter: 'ObservableCounter',
  observableupdowncounter: 'ObservableUpDownCounter',
  observablegauge: 'ObservableGauge',
};

/** Markdown tables of a group's metrics and attributes, as the package READMEs carry them. */
export function tablesOf({ metrics, attributes }: Group): string {
  const metricTable = table(
    ['metric', 'instrument', 'unit', 'attributes', 'meaning'],
    metrics.map((metric) => [
      code(metric.name),
      KIND_WORDS[metric.kind],
      code(metric.unit),
      codes(metric.attributes),
      meaning(metric),
    ]),
  );
  if (attributes.length === 0) return metricTable;
  const attributeTable = table(
    ['attribute', 'type', 'meaning', 'examples'],
    attributes.map(({ name, type, description, examples }) => [
      code(name),
      type,
      description,
      codes(examples.map(String)),
    ]),
  );
  return `${metricTable}\n\n${attributeTable}`;
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
    lines.push(
      table(
        ['metric', 'in Prometheus'],
        group.metrics.map((metric) => [code(metric.name), code(prometheusName(metric))]),
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

function meaning({ description, definition, sign, window, buckets, exponentialMaxSize }: MetricDefinition): string {
  const notes = [description, definition];
  if (sign !== undefined) notes.push(`Sign: ${sign}.`);
  if (window !== undefined) notes.push(`Window: ${window}.`);
  if (exponentialMaxSize !== undefined)
    notes.push(`Buckets: base-2 exponential, at most ${exponentialMaxSize} per sign.`);
  else if (buckets !== undefined) notes.push(`Buckets: ${buckets[0]} to ${buckets.at(-1)}, ${buckets.length} bounds.`);
  return notes.join(' ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function code(word: string): string {
  return `\`${word}\``;
}

function codes(words: readonly string[]): string {
  return words.length === 0 ? '–' : words.map(code).join(', ');
}
