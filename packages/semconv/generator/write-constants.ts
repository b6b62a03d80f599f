import type { AttributeDefinition, MetricDefinition } from '../src/definition.ts';
import type { Group } from './model.ts';
import { constantName } from './naming.ts';

const NOTICE = '// Generated from packages/semconv/model by `npm run generate`. Do not edit.\n';

/** TypeScript source with one constant per attribute and metric of the group. */
export function constantsOf({ attributes, metrics }: Group): string {
  const lines = [NOTICE];
  if (metrics.length > 0) lines.push("import type { MetricDefinition } from '../definition.ts';\n");
  for (const attribute of attributes) {
    lines.push(`/** ${comment(attribute.description)} */`);
    lines.push(`export const ${attributeConstant(attribute)} = ${JSON.stringify(attribute.name)} as const;\n`);
  }
  for (const metric of metrics) {
    lines.push(`/** ${comment(metric.description)} Unit \`${metric.unit}\`. */`);
    const body = JSON.stringify(metric, undefined, 2);
    lines.push(`export const ${metricConstant(metric)}: MetricDefinition<'${metric.kind}'> = ${body};\n`);
  }
  return lines.join('\n');
}

/** The index: every name of every group, and the registry as two lists. */
export function indexOf(groups: readonly Group[]): string {
  const lines = [NOTICE, "import type { AttributeDefinition, MetricDefinition } from '../definition.ts';"];
  for (const { name, metrics } of groups) lines.push(...statement('import', metrics.map(metricConstant), name));
  lines.push('');
  for (const { name, attributes, metrics } of groups) {
    lines.push(...statement('export', [...attributes.map(attributeConstant), ...metrics.map(metricConstant)], name));
  }
  const metrics = groups.flatMap((group) => group.metrics.map(metricConstant));
  const attributes = groups.flatMap((group) => group.attributes);
  lines.push('', '/** Every metric of the registry. */');
  lines.push(`export const METRICS: readonly MetricDefinition[] = [\n${listed(metrics)}\n];`);
  lines.push('', '/** Every attribute of the registry. */');
  lines.push(
    `export const ATTRIBUTES: readonly AttributeDefinition[] = ${JSON.stringify(attributes, undefined, 2)};\n`,
  );
  return lines.join('\n');
}

function statement(verb: 'import' | 'export', names: readonly string[], group: string): string[] {
  return names.length === 0 ? [] : [`${verb} {\n${listed(names)}\n} from './${group}.ts';`];
}

function listed(names: readonly string[]): string {
  return names.map((name) => `  ${name},`).join('\n');
}

function attributeConstant({ name }: AttributeDefinition): string {
  return `ATTR_${constantName(name)}`;
}

function metricConstant({ name }: MetricDefinition): string {
  return `METRIC_${constantName(name)}`;
}

function comment(text: string): string {
  return text.replaceAll('*/', '*\\/');
}
