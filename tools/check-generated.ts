// Generated files are committed so that a reader sees them; this fails when they no longer match their source.
import { execFileSync } from 'node:child_process';
import { CHECKOUT, finish } from './workspace.ts';

const findings: string[] = [];
for (const workspace of ['@nanometer/semconv', '@nanometer/grafana']) {
  try {
    execFileSync('npm', ['run', '-s', 'generate', '-w', workspace, '--', '--check'], { cwd: CHECKOUT, stdio: 'pipe' });
  } catch (error) {
    findings.push(`${workspace}: ${String((error as { stderr?: Buffer }).stderr ?? error)}`);
  }
}
finish('generated', findings);
