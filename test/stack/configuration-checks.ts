import { join } from 'node:path';
import { lossesOf } from '../config/collector-rules.ts';
import { type EffectiveConfig, withDefaults } from '../config/effective-config.ts';
import type { Checks } from './checks.ts';
import { COLLECTOR_CONFIG } from './paths.ts';
import type { Programs } from './programs/programs.ts';
import { runNicely } from './programs/run.ts';
import { writeRuleTests } from './rule-tests.ts';
import type { StagedServices } from './servers.ts';

// A test's queues are where a test's files belong.
const IN_A_TEMPORARY_FOLDER = 'the queue is on a disk that stays';

/** Every program judges its own configuration file. */
export async function checkConfiguration(
  programs: Programs,
  staged: StagedServices,
  folder: string,
  checks: Checks,
): Promise<void> {
  for (const name of ['agent', 'collector'] as const) {
    const { args, env } = staged[name];
    await checks.run(`the collector accepts ${name}.yaml`, async () => {
      await runNicely(programs.otelcol, ['validate', ...args], { env });
      // Without any variable, the defaults must do as well; the agent's target has none.
      const file = `--config=${join(COLLECTOR_CONFIG, `${name}.yaml`)}`;
      const gateway = { NANOMETER_GATEWAY_OTLP: 'http://127.0.0.1:4319' };
      await runNicely(programs.otelcol, ['validate', file, ...args.slice(1)], { env: gateway });
    });
    await checks.run(`what the collector makes of ${name}.yaml loses nothing by itself`, async () => {
      const printed = await runNicely(programs.otelcol, ['print-config', '--format=json', ...args], { env });
      const losses = lossesOf(withDefaults(JSON.parse(printed) as EffectiveConfig), [IN_A_TEMPORARY_FOLDER]);
      if (losses.length > 0) throw new Error(losses.join('\n'));
    });
  }
  await checks.run('promtool accepts prometheus.yaml and its rules', async () => {
    const file = join(COLLECTOR_CONFIG, 'prometheus.yaml');
    await runNicely(programs.promtool, ['check', 'config', '--lint=all', '--lint-fatal', file]);
    const rules = ['desk.yaml', 'pipeline.yaml', 'minute.yaml'].map((name) => join(COLLECTOR_CONFIG, 'rules', name));
    await runNicely(programs.promtool, ['check', 'rules', '--lint=all', '--lint-fatal', ...rules]);
  });
  await checks.run('every alert fires when it should, and only then, and minutes are recorded', async () => {
    await runNicely(programs.promtool, ['test', 'rules', writeRuleTests(join(folder, 'rule-tests'))]);
  });
  await checks.run('amtool accepts alertmanager.yaml', async () => {
    await runNicely(programs.amtool, ['check-config', join(COLLECTOR_CONFIG, 'alertmanager.yaml')]);
  });
}
