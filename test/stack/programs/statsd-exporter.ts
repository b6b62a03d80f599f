import { GO_ENVIRONMENT, GO_SMALL, versionFlags } from './go.ts';
import type { Recipe } from './program.ts';

// Not part of docker-compose.yml: the tests read @nanometer/exporter-statsd's output with it. Nothing else states the version.
const VERSION = '0.30.0';
const MODULE = 'github.com/prometheus/statsd_exporter';

/** Prometheus' statsd_exporter, which reads every tag format but Graphite's. */
export function statsdExporterRecipe(): Recipe {
  const args = ['install', ...GO_SMALL, versionFlags(VERSION)];
  return {
    name: 'statsd_exporter',
    version: VERSION,
    manifest: [MODULE, VERSION, ...args].join('\n'),
    executables: ['statsd_exporter'],
    async build({ output, scratch, run }) {
      await run('go', [...args, `${MODULE}@v${VERSION}`], { cwd: scratch, env: { ...GO_ENVIRONMENT, GOBIN: output } });
    },
  };
}
