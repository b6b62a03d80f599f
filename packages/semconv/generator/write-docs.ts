import type { InstrumentKind, MetricDefinition } from '../src/definition.ts';
import { prometheusName } from '../src/prometheus-name.ts';
import { signOf, windowOf } from './card-rules.ts';
import type { Card, Group } from './model.ts';

const KIND_WORDS: Readonly<Record<InstrumentKind, string>> = {
  counter: 'Counter',
  updowncounter: 'UpDownCounter',
  gauge: 'Gauge',
  histogram: 'Histogram',
  observablecounter: 'ObservableCounter',
  observableupdowncounter: 'ObservableUpDownCounter',
  observablegauge: 'ObservableGauge',
};

/** Markdown tables of a group's metrics, their cards and attributes, as the package READMEs carry them. */
export function tablesOf(group: Group): string {
  const { metrics, attributes } = group;
  const metricTable = table(
    ['metric', 'instrument', 'unit', 'attributes', 'meaning'],
    metrics.map((metric) => [
      code(metric.name),
      KIND_WORDS[metric.kind],
      code(metric.unit),
      codes(metric.attributes),
      isProven(group, metric) ? outline(metric) : meaning(metric),
    ]),
  );
  const proven = metrics.filter((metric) => isProven(group, metric));
  const tables = proven.length === 0 ? [metricTable] : [metricTable, cardTable(group, proven)];
  if (attributes.length === 0) return tables.join('\n\n');
  const attributeTable = table(
    ['attribute', 'type', 'meaning', 'examples'],
    attributes.map(({ name, type, description, examples }) => [
      code(name),
      type,
      description,
      codes(examples.map(String)),
    ]),
  );
  return [...tables, attributeTable].join('\n\n');
}

const CARD_HEAD: readonly string[] = ['card', 'formula', 'sign', 'window', 'minimum', 'reference', 'proven by'];

/** One row per metric that has a proof: what the number is, and what shows that it is right. */
function cardTable({ cards }: Group, metrics: readonly MetricDefinition[]): string {
  return table(
    CARD_HEAD,
    metrics.map((metric) => cardRow(metric, cards.get(metric) as Card)),
  );
}

/** The cards of all groups with a published answer or a proof that begins with `prefix`. */
export function cardsProvenIn(groups: readonly Group[], prefix: string): string {
  const rows = groups.flatMap(({ cards }) =>
    [...cards].flatMap(([metric, card]) =>
      card.proof.some((entry) => entry.startsWith('vector:') || entry.startsWith(prefix))
        ? [cardRow(metric, card)]
        : [],
    ),
  );
  return table(CARD_HEAD, rows);
}

function cardRow(metric: MetricDefinition, { minimum, reference, origin, proof }: Card): string[] {
  const cells = [signOf(metric), windowOf(metric), minimum, reference ?? origin].map((cell) => cell ?? '–');
  return [code(metric.name), metric.definition, ...cells, proof.map(proofText).join(', ')];
}

/** Published answers by their id; a test by its file and name. */
function proofText(entry: string): string {
  const [, kind, what] = /^(vector|test):(.*)$/.exec(entry) as unknown as [string, string, string];
  if (kind === 'vector') return code(what);
  const [file, name] = what.split(/#(.*)/) as [string, string];
  return `${name} (${code(file.split('/').at(-1) as string)})`;
}

function isProven({ cards }: Group, metric: MetricDefinition): boolean {
  return (cards.get(metric)?.proof.length ?? 0) > 0;
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

/** What a metric says where it has no card. */
function meaning(metric: MetricDefinition): string {
  const { description, definition, sign, window } = metric;
  const notes = [description, definition];
  if (sign !== undefined) notes.push(`Sign: ${sign}.`);
  if (window !== undefined) notes.push(`Window: ${window}.`);
  return [...notes, ...bucketNote(metric)].join(' ');
}

/** What a metric says where its card says the rest. */
function outline(metric: MetricDefinition): string {
  return [metric.description, ...bucketNote(metric)].join(' ');
}

function bucketNote({ buckets, exponentialMaxSize }: MetricDefinition): string[] {
  if (exponentialMaxSize !== undefined) return [`Buckets: base-2 exponential, at most ${exponentialMaxSize} per sign.`];
  if (buckets === undefined) return [];
  return [`Buckets: ${buckets[0]} to ${buckets.at(-1)}, ${buckets.length} bounds.`];
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
