import { readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COLLECTOR_CONFIG } from '../paths.ts';
import { GO_ENVIRONMENT } from './go.ts';
import type { Recipe } from './program.ts';

const MANIFEST = join(COLLECTOR_CONFIG, 'builder.yaml');

/** The OpenTelemetry Collector, made by its own builder from collector-config/builder.yaml. */
export function collectorRecipe(version: string): Recipe {
  return {
    name: 'otelcol',
    version,
    manifest: readFileSync(MANIFEST, 'utf8'),
    executables: ['otelcol'],
    async build({ output, scratch, run }) {
      const builder = `go.opentelemetry.io/collector/cmd/builder@v${version}`;
      await run('go', ['install', builder], { cwd: scratch, env: { ...GO_ENVIRONMENT, GOBIN: scratch } });
      // The manifest's output folder is relative to where the builder runs.
      await run(join(scratch, 'builder'), ['--config', MANIFEST], { cwd: scratch, env: GO_ENVIRONMENT });
      await copyFile(join(scratch, 'dist', 'otelcol'), join(output, 'otelcol'));
    },
  };
}
