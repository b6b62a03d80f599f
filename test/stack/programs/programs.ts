import { join } from 'node:path';
import { pinnedVersions } from '../versions.ts';
import { alertmanagerRecipe } from './alertmanager.ts';
import { obtain } from './cache.ts';
import { collectorRecipe } from './collector.ts';
import { prometheusRecipe } from './prometheus.ts';
import { statsdExporterRecipe } from './statsd-exporter.ts';

/** Paths of the real programs. */
export interface Programs {
  readonly otelcol: string;
  readonly prometheus: string;
  readonly promtool: string;
  readonly alertmanager: string;
  readonly amtool: string;
  readonly statsdExporter: string;
}

/** Obtains every program, one after the other: Go already uses all cores. */
export async function obtainPrograms(progress: (line: string) => void): Promise<Programs> {
  const versions = pinnedVersions();
  const collector = await obtain(collectorRecipe(versions.collector), progress);
  const prometheus = await obtain(prometheusRecipe(versions.prometheus), progress);
  const alertmanager = await obtain(alertmanagerRecipe(versions.alertmanager), progress);
  const statsdExporter = await obtain(statsdExporterRecipe(), progress);
  return {
    otelcol: join(collector, 'otelcol'),
    prometheus: join(prometheus, 'prometheus'),
    promtool: join(prometheus, 'promtool'),
    alertmanager: join(alertmanager, 'alertmanager'),
    amtool: join(alertmanager, 'amtool'),
    statsdExporter: join(statsdExporter, 'statsd_exporter'),
  };
}
