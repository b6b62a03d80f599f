import { join } from 'node:path';
import type { Checks } from './checks.ts';
import { COLLECTOR_CONFIG } from './paths.ts';
import type { Programs } from './programs/programs.ts';
import { runNicely } from './programs/run.ts';
import { writeRuleTests } from './rule-tests.ts';
import type { StagedServices } from './servers.ts';

/** Every program judges its own configuration file. */
export async function checkConfiguration(
  programs: Programs,
  staged: StagedServices,
  folder: string,
  checks: Checks,
): Promise<void> {
  await checks.run('the collector accepts collector.yaml', async () => {
    await runNicely(programs.otelcol, ['validate', ...staged.collector.args], { env: staged.collector.env });
    // Without any variable, the defaults must do as well.
    await runNicely(programs.otelcol, ['validate', `--config=${join(COLLECTOR_CONFIG, 'collector.yaml')}`]);
  });
  await checks.run('promtool accepts prometheus.yaml and its rules', async () => {
    const file = join(COLLECTOR_CONFIG, 'prometheus.yaml');
    await runNicely(programs.promtool, ['check', 'config', '--lint=all', '--lint-fatal', file]);
    const rules = join(COLLECTOR_CONFIG, 'rules', 'pipeline.yaml');
    await runNicely(programs.promtool, ['check', 'rules', '--lint=all', '--lint-fatal', rules]);
  });
  await checks.run('every alert fires when it should, and only then', async () => {
    await runNicely(programs.promtool, ['test', 'rules', writeRuleTests(join(folder, 'rule-tests'))]);
  });
  await checks.run('amtool accepts alertmanager.yaml', async () => {
    await runNicely(programs.amtool, ['check-config', join(COLLECTOR_CONFIG, 'alertmanager.yaml')]);
  });
}
