import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GO_ENVIRONMENT, GO_SMALL, versionFlags } from './go.ts';
import type { Recipe } from './program.ts';

const MODULE = 'github.com/prometheus/alertmanager';

/** Alertmanager and amtool. */
export function alertmanagerRecipe(version: string): Recipe {
  const args = ['build', ...GO_SMALL, versionFlags(version)];
  return {
    name: 'alertmanager',
    version,
    manifest: [MODULE, version, ...args].join('\n'),
    executables: ['alertmanager', 'amtool'],
    async build({ output, scratch, run }) {
      const downloaded = await run('go', ['mod', 'download', '-json', `${MODULE}@v${version}`], {
        cwd: scratch,
        env: GO_ENVIRONMENT,
      });
      const { Dir: folder } = JSON.parse(downloaded) as { Dir: string };
      // Since 0.32 the program embeds ui/app/dist, which is not in the module: it is built in a copy with an empty page.
      const copy = join(scratch, 'alertmanager');
      await cp(folder, copy, { recursive: true });
      await run('chmod', ['-R', 'u+w', copy]);
      await mkdir(join(copy, 'ui', 'app', 'dist'), { recursive: true });
      await writeFile(join(copy, 'ui', 'app', 'dist', 'index.html'), '<!doctype html><title>Alertmanager</title>\n');
      await run('go', [...args, '-o', `${output}/`, './cmd/alertmanager', './cmd/amtool'], {
        cwd: copy,
        env: GO_ENVIRONMENT,
      });
    },
  };
}
