import { prometheusModuleVersion } from '../versions.ts';
import { GO_ENVIRONMENT, GO_SMALL, versionFlags } from './go.ts';
import type { Recipe } from './program.ts';

// Without the tag some 25 clouds' libraries for service discovery are compiled in; files and HTTP remain.
const TAGS = '-tags=remove_all_sd,netgo';

/** Prometheus and promtool, without the user interface, whose assets are not part of the module. */
export function prometheusRecipe(version: string): Recipe {
  const module = `github.com/prometheus/prometheus`;
  const at = prometheusModuleVersion(version);
  const args = ['install', ...GO_SMALL, versionFlags(version), TAGS];
  return {
    name: 'prometheus',
    version,
    manifest: [module, at, ...args].join('\n'),
    executables: ['prometheus', 'promtool'],
    async build({ output, scratch, run }) {
      const packages = [`${module}/cmd/prometheus@${at}`, `${module}/cmd/promtool@${at}`];
      await run('go', [...args, ...packages], { cwd: scratch, env: { ...GO_ENVIRONMENT, GOBIN: output } });
    },
  };
}
