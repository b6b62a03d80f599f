import { ndjsonHistory, type Preview, previewRules, readRules } from '@nanometer/alerting';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printable } from '../output/printable.ts';
import type { Terminal } from '../output/terminal.ts';
import { bridgePoints, metricsOf } from './bridge-points.ts';
import { rulesError } from './rules-error.ts';

/** `nanometer rules preview FILE`: what would have fired over a recorded history. */
export async function previewFile(
  file: string,
  history: string | undefined,
  from: string,
  step: string,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  if (history === undefined) {
    throw new CliError(
      'MISSING_OPTION',
      EXIT.usage,
      'rules preview needs a history',
      '--history http://127.0.0.1:8080/ for a bridge that keeps one, or FILE, a JSON line per point: {"timeMs", "name", "attributes", "value"}',
    );
  }
  let preview: Preview;
  try {
    const rules = readRules(file);
    const points = URL.canParse(history)
      ? bridgePoints(new URL(history), metricsOf(rules), from, step)
      : ndjsonHistory(history);
    preview = await previewRules(rules, points);
  } catch (error) {
    throw rulesError(error);
  }
  if (json) terminal.out(JSON.stringify(preview));
  else report(preview, terminal);
  return EXIT.ok;
}

function report({ updates, fromMs, toMs, fired, late }: Preview, terminal: Terminal): void {
  const time = (ms: number | undefined): string => (ms === undefined ? 'still firing' : new Date(ms).toISOString());
  for (const alert of fired) {
    const until = time(alert.toMs).padEnd(24);
    const said = printable(`${alert.rule}: ${alert.summary}`);
    terminal.out(`${time(alert.fromMs)}  ${until}  ${alert.severity.padEnd(8)}  ${said}`);
  }
  const span = fromMs === undefined ? 'no points' : `${updates} points from ${time(fromMs)} to ${time(toMs)}`;
  terminal.err(
    `${span}: ${fired.length} alerts would have fired${late > 0 ? `; ${late} points out of order were left out` : ''}`,
  );
}
