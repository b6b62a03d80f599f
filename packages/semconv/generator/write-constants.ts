import type { Group } from './model.ts';
import { constantName } from './naming.ts';

const NOTICE = '// Generated from packages/semconv/model by `npm run generate`. Do not edit.\n';

/** TypeScript source with one constant per attribute and metric of the group. */
export function constantsOf(group: Group): string {
  const lines = [NOTICE];
  if (group.metrics.length > 0) lines.push("import type { MetricDefinition } from '../definition.ts';\n");
  for (const attribute of group.attributes) {
    lines.push(`/** ${attribute.description} */`);
    lines.push(`export const ATTR_${constantName(attribute.name)} = ${JSON.stringify(attribute.name)} as const;\n`);
  }
  for (const metric of group.metrics) {
    lines.push(`/** ${metric.description} Unit \`${metric.unit}\`. */`);
    const body = JSON.stringify(metric, undefined, 2);
    lines.push(`export const METRIC_${constantName(metric.name)}: MetricDefinition<'${metric.kind}'> = ${body};\n`);
  }
  return lines.join('\n');
}

/** The index: every name of every group, and `METRICS`, the registry as a list. */
export function indexOf(groups: readonly Group[]): string {
  const lines = [NOTICE, "import type { AttributeDefinition, MetricDefinition } from '../definition.ts';"];
  for (const group of groups) {
    const names = metricConstants(group);
    if (names.length > 0)
      lines.push(`import {\n${names.map((name) => `  ${name},`).join('\n')}\n} from './${group.name}.ts';`);
  }
  lines.push('');
  for (const group of groups) {
    const names = [
      ...group.attributes.map((attribute) => `ATTR_${constantName(attribute.name)}`),
      ...metricConstants(group),
    ];
    if (names.length > 0)
      lines.push(`export {\n${names.map((name) => `  ${name},`).join('\n')}\n} from './${group.name}.ts';`);
  }
  lines.push('', '/** Every metric of the registry. */');
  const metrics = groups.flatMap(metricConstants);
  lines.push(
    `export const METRICS: readonly MetricDefinition[] = [\n${metrics.map((name) => `  ${name},`).join('\n')}\n];`,
  );
  const attributes = groups.flatMap((group) => group.attributes);
  lines.push('', '/** Every attribute of the registry. */');
  lines.push(
    `export const ATTRIBUTES: readonly AttributeDefinition[] = ${JSON.stringify(attributes, undefined, 2)};\n`,
  );
  return lines.join('\n');
}

function metricConstants(group: Group): string[] {
  return group.metrics.map((metric) => `METRIC_${constantName(metric.name)}`);
}
